# A node joins while others serve. It is given its share by plan, a few VIPs at a time: DNS stops answering the VIP, its connections end, its owner
# lets go of it, and only then the new node takes it. A join that took first and asked later would cut the connections of clients that nobody had to
# disturb.
nodes 3
service web vips 24
    Service web has 24 VIPs and 2 backends.
form
    3 nodes up, 24 VIPs served.
join adc-4
run 200ms
# It is in the fleet and has nothing.
show owners
    adc-1  up, taking its share: owns 8, serves 8
    adc-2  up, taking its share: owns 8, serves 8
    adc-3  up, taking its share: owns 8, serves 8
    adc-4  up, taking its share: owns 0, serves 0
show moves
    none moved
run 400ms
# At most a tenth of all VIPs are on their way at once.
show moves
    1 from adc-1 to adc-4
    1 from adc-2 to adc-4
show outage
    no VIP was dark for 20 ms
wait until well
    All is well, within a second.
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  up, taking its share: owns 6, serves 6
    adc-4  up, taking its share: owns 6, serves 6
show outage
    no VIP was dark for 20 ms
