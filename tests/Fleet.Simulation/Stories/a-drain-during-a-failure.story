# A node has died and nobody knows it yet when an operator drains another.
nodes 5
service web vips 20
    Service web has 20 VIPs and 2 backends.
form
    5 nodes up, 20 VIPs served.
kill adc-1
drain adc-2
    Node adc-2 is draining.
run 400ms
show events
    Node adc-2 is draining.
    2 VIP(s) are to move by plan: 10.0.1.46 to adc-1, 10.0.1.51 to adc-3.
    1 VIP(s) are let go of: 10.0.1.51.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.56 to adc-4.
# Nothing that is served is handed to a node that has missed its heartbeats: such a move waits, and is called off when the node is lost.
run 3s
show events
    Node adc-1 is lost.
    1 VIP(s) stay where they are: 10.0.1.46.
    4 VIP(s) go to adc-3 (2), adc-4 (1), adc-5 (1).
    1 VIP(s) are to move by plan: 10.0.1.61 to adc-5.
    1 VIP(s) are let go of: 10.0.1.56.
    1 VIP(s) go to adc-4 (1).
    1 VIP(s) are to move by plan: 10.0.1.46 to adc-4.
    1 VIP(s) are let go of: 10.0.1.61.
    1 VIP(s) go to adc-5 (1).
    1 VIP(s) are let go of: 10.0.1.46.
    1 VIP(s) go to adc-4 (1).
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, draining: owns 0, serves 0
    adc-3  up, taking its share: owns 7, serves 7
    adc-4  up, taking its share: owns 7, serves 7
    adc-5  up, taking its share: owns 6, serves 6
show outage
    some VIP was dark, for less than 600 ms
