# A shorter lease finds the dead sooner. It counts when every node goes by it: until then whoever is judged is judged by the longest that it may
# still go by.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
lease 200ms heartbeat 50ms margin 25ms
    The policy is set.
run 3s
show events
    Every node goes by the lease terms of revision 21.
show outage
    no VIP was dark for a millisecond
show moves
    none moved
# 200 + 50 + a little: with the terms of before it would not be found yet.
kill adc-2
run 350ms
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
start adc-2
wait until well
    All is well, within a second.
# Longer terms, while one node cannot be told. It goes on by the short ones, and nobody takes anything from it.
cut adc-3 from coordinator
lease 800ms heartbeat 200ms margin 100ms
    The policy is set.
run 5s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up but silent, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
heal
wait until well
    All is well, within 5 s.
# From now on it takes 900 ms and a little.
show outage
    some VIP was dark, for less than 600 ms
kill adc-1
run 800ms
show owners
    adc-1  up, taking its share: owns 3, serves 0 (!)
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
run 400ms
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
