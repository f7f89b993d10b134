# A drained node hands over by plan: no VIP is dark for longer than it takes to hand it over. Undrained, it gets its share back.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show outage
    no VIP was dark for a millisecond
show moves
    none moved
show events
    c1 leads term 1.
    Service web has 12 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    Node adc-4 is in the fleet: 10 Gbit/s, here, rack-4.
    12 VIP(s) go to adc-1 (3), adc-2 (3), adc-3 (3), adc-4 (3).
drain adc-2
    Node adc-2 is draining.
run 8s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, draining: owns 0, serves 0
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show outage
    no VIP was dark for 20 ms
show moves
    1 from adc-2 to adc-1
    1 from adc-2 to adc-3
    1 from adc-2 to adc-4
show events
    Node adc-2 is draining.
    1 VIP(s) are to move by plan: 10.0.1.46 to adc-1.
    1 VIP(s) are let go of: 10.0.1.46.
    1 VIP(s) go to adc-1 (1).
    1 VIP(s) are to move by plan: 10.0.1.50 to adc-3.
    1 VIP(s) are let go of: 10.0.1.50.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.54 to adc-4.
    1 VIP(s) are let go of: 10.0.1.54.
    1 VIP(s) go to adc-4 (1).
undrain adc-2
    Node adc-2 is taking its share.
run 10s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for 20 ms
show moves
    1 from adc-1 to adc-2
    1 from adc-3 to adc-2
    1 from adc-4 to adc-2
