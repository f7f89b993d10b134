# A node that joins while nobody leads serves nothing and takes nothing from anybody: only a leader gives VIPs away.
nodes 3
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    3 nodes up, 12 VIPs served.
kill coordinator
run 1s
join adc-4
run 10s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  not in the fleet: owns 0, serves 0
show outage
    no VIP was dark for a millisecond
# The new leader finds all four, takes nothing from anybody, and gives the new one its share by plan.
start coordinator
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for 20 ms
