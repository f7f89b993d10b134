# HAProxy stands still: its agent lives, is heard and has its lease, and the kernel goes on accepting connections that nobody answers.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
plane-silent adc-3 5s
# For three quarters of a lease it may only be slow.
run 250ms
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
# Then its node gives up what it has, and says that it is ill. Nobody waits for what it may still do: its VIPs go at once.
run 150ms
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
show answers
    adc-1, adc-2, adc-3, adc-4: web is answered with 4 VIPs of adc-1 and 4 VIPs of adc-2 and 4 VIPs of adc-4
show outage
    no VIP was dark for 20 ms
show events
    3 VIP(s) are to move, their owners cannot hold them: 10.0.1.47 to adc-1, 10.0.1.51 to adc-2, 10.0.1.55 to adc-4.
    3 VIP(s) are let go of: 10.0.1.47, 10.0.1.51, 10.0.1.55.
    3 VIP(s) go to adc-1 (1), adc-2 (1), adc-4 (1).
# It answers again after five seconds, and has to go on doing so for two more before it is given anything.
run 6s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
run 15s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
wait until well
    All is well, at once.
