# SIGSTOP of the agent. Its relay lets go at the lease's end; when it is continued it serves none of what has moved.
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
pause-agent adc-3 5s
run 4900ms
show outage
    some VIP was dark, for less than 150 ms
show moves
    1 from adc-3 to adc-1
    1 from adc-3 to adc-2
    1 from adc-3 to adc-4
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
run 120ms
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
run 10s
show events
    Node adc-3 is lost.
    3 VIP(s) go to adc-1 (1), adc-2 (1), adc-4 (1).
    Node adc-3 is back.
    1 VIP(s) are to move by plan: 10.0.1.53 to adc-3.
    1 VIP(s) are let go of: 10.0.1.53.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.54 to adc-3.
    1 VIP(s) are let go of: 10.0.1.54.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.56 to adc-3.
    1 VIP(s) are let go of: 10.0.1.56.
    1 VIP(s) go to adc-3 (1).
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
