# VIPs are on their way from a drained node to two others, and one of those dies.
nodes 3
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    3 nodes up, 12 VIPs served.
drain adc-2
    Node adc-2 is draining.
run 300ms
show events
    Node adc-2 is draining.
    1 VIP(s) are to move by plan: 10.0.1.46 to adc-1.
    1 VIP(s) are let go of: 10.0.1.46.
    1 VIP(s) go to adc-1 (1).
    1 VIP(s) are to move by plan: 10.0.1.49 to adc-3.
kill adc-1
run 3s
# What had not been let go of stays with the drained node until another can take it. What was the dead one's already is taken over like all it had.
show events
    1 VIP(s) are let go of: 10.0.1.49.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.52 to adc-1.
    Node adc-1 is lost.
    1 VIP(s) stay where they are: 10.0.1.52.
    5 VIP(s) go to adc-3 (5).
    1 VIP(s) are to move by plan: 10.0.1.52 to adc-3.
    1 VIP(s) are let go of: 10.0.1.52.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.55 to adc-3.
    1 VIP(s) are let go of: 10.0.1.55.
    1 VIP(s) go to adc-3 (1).
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, draining: owns 0, serves 0
    adc-3  up, taking its share: owns 12, serves 12
show outage
    some VIP was dark, for less than 600 ms
