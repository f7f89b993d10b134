# A node dies with all it has. Its VIPs go to all the others, each taking about a third; nobody else's VIP moves.
nodes 4
service web vips 20
    Service web has 20 VIPs and 2 backends.
run 4s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show moves
    none moved
show events
    c1 leads term 1.
    Service web has 20 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    Node adc-4 is in the fleet: 10 Gbit/s, here, rack-4.
    20 VIP(s) go to adc-1 (5), adc-2 (5), adc-3 (5), adc-4 (5).
show outage
    no VIP was dark for a millisecond
kill adc-2
run 1s
# Lease and margin are 450 ms; found, written, told and taken within 150 ms more.
show outage
    some VIP was dark, for less than 600 ms
show moves
    2 from adc-2 to adc-1
    2 from adc-2 to adc-3
    1 from adc-2 to adc-4
show owners
    adc-1  up, taking its share: owns 7, serves 7
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 7, serves 7
    adc-4  up, taking its share: owns 6, serves 6
show events
    Node adc-2 is lost.
    5 VIP(s) go to adc-1 (2), adc-3 (2), adc-4 (1).
# It comes back empty and gets its share again by plan: no VIP is dark for long when it is handed over.
start adc-2
run 10s
show moves
    2 from adc-1 to adc-2
    2 from adc-3 to adc-2
    1 from adc-4 to adc-2
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for 20 ms
