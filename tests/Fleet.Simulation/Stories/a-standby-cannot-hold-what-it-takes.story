# A node dies, and one of those that stand by for it cannot hold what it is given: nobody knew. What it cannot hold goes on to nodes that can.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
binds-fail adc-3 20s
kill adc-1
run 1s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 3 (!)
    adc-4  up, taking its share: owns 4, serves 4
run 1500ms
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 5, serves 5
show answers
    adc-2, adc-3, adc-4: web is answered with 4 VIPs of adc-2 and 3 VIPs of adc-3 and 5 VIPs of adc-4
show outage
    some VIP was dark for 1.5 s
show events about VIP(s)
    3 VIP(s) go to adc-2 (1), adc-3 (1), adc-4 (1).
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.49 to adc-4.
    1 VIP(s) are let go of: 10.0.1.49.
    1 VIP(s) go to adc-4 (1).
