# It is taken back at once the first time, then after 2, 4, 8 seconds.
nodes 3
service web vips 6
    Service web has 6 VIPs and 2 backends.
run 4s
show events
    c1 leads term 1.
    Service web has 6 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    6 VIP(s) go to adc-1 (2), adc-2 (2), adc-3 (2).
kill adc-1
run 2s
start adc-1
run 1s
show owners
    adc-1  up, taking its share: owns 2, serves 2
    adc-2  up, taking its share: owns 2, serves 2
    adc-3  up, taking its share: owns 2, serves 2
kill adc-1
run 2s
start adc-1
run 500ms
show owners
    adc-1  up, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
run 3s
show owners
    adc-1  up, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
kill adc-1
run 1s
start adc-1
run 2s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
run 3s
show owners
    adc-1  up, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
show events
    Node adc-1 is lost.
    2 VIP(s) go to adc-2 (1), adc-3 (1).
    Node adc-1 is back.
    1 VIP(s) are to move by plan: 10.0.1.49 to adc-1.
    1 VIP(s) are let go of: 10.0.1.49.
    1 VIP(s) go to adc-1 (1).
    1 VIP(s) are to move by plan: 10.0.1.50 to adc-1.
    1 VIP(s) are let go of: 10.0.1.50.
    1 VIP(s) go to adc-1 (1).
    Node adc-1 is lost.
    2 VIP(s) go to adc-2 (1), adc-3 (1).
    Node adc-1 is back.
    Node adc-1 is lost.
    Node adc-1 is back.
