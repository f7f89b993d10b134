# A fleet begins with a coordinator, a service and no node. Nothing can be served yet, and that is no error: the VIPs wait.
nodes 0
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 5s
show owners
    nobody owns 12
show outage
    no VIP was dark for a millisecond
    12 VIPs dark now
# The first node takes everything.
join adc-1
run 5s
show owners
    adc-1  up, taking its share: owns 12, serves 12
show events
    c1 leads term 1.
    Service web has 12 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    12 VIP(s) go to adc-1 (12).
# It has no peers that could watch it, so nobody could prove it dead, and nobody could take anything from it: it needs nobody's word to serve on.
kill coordinator
run 10s
show owners
    adc-1  up, taking its share: owns 12, serves 12
show outage
    no VIP was dark for a millisecond
start coordinator
run 5s
# The second node gets its half by plan. From now on each has a standby.
join adc-2
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 6, serves 6
show outage
    no VIP was dark for 20 ms
