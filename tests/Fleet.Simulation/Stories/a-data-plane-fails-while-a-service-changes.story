# A data plane says no to every plan, for twenty seconds: a configuration that it refuses, or a socket that nobody answers. What it carries it goes on
# carrying, so what its node serves stays there. What is new the node does not take, and says so: others get it.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
plane-fails adc-3 20s
service web vips 20
    Service web has 20 VIPs and 2 backends.
run 700ms
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 3 (!)
    adc-4  up, taking its share: owns 5, serves 5
run 2s
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for a millisecond
show events about cannot hold
    2 VIP(s) are to move, their owners cannot hold them: 10.0.1.59 to adc-1, 10.0.1.63 to adc-2.
# It is mended, told the newest plan with the next try, and gets its share.
run 40s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    some VIP was dark for 1.0 s
wait until well
    All is well, at once.
