# A health storm: six of eight backends go down a second after the fleet has begun, before anybody has formed an opinion of them. A backend that
# nobody has checked yet is unknown, which is neither up nor down.
nodes 4
service web vips 12 backends 8
    Service web has 12 VIPs and 8 backends.
run 1s
backends-down b1 to b6 10s
show backends
    web: b1 b2 b3 b4 b5 b6 b7 b8 unknown
run 1s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
# Three bad checks in a row, one a second, are a verdict, and each backend has three nodes that check it: a storm makes no more checks.
run 5s
show backends
    web: b7 b8 up; b1 b2 b3 b4 b5 b6 down
show answers
    adc-1, adc-2, adc-3, adc-4: web is answered with 3 VIPs of adc-1 and 3 VIPs of adc-2 and 3 VIPs of adc-3 and 3 VIPs of adc-4
# Two are left, so the service is answered. No VIP moves for it: what is behind a VIP is the same on every node.
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
run 10s
show backends
    web: b1 b2 b3 b4 b5 b6 b7 b8 up
show outage
    no VIP was dark for a millisecond
