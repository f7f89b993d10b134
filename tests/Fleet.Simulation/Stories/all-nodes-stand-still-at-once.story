# Every node stands still for 2 seconds, the coordinator does not. All leases run out, and with all witnesses asleep nobody can say of anybody that
# he is lost.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
pause all nodes 2s
run 1900ms
show owners
    adc-1  up but silent, taking its share: owns 3, serves 0 (!)
    adc-2  up but silent, taking its share: owns 3, serves 0 (!)
    adc-3  up but silent, taking its share: owns 3, serves 0 (!)
    adc-4  up but silent, taking its share: owns 3, serves 0 (!)
# They go on, one after the other within 100 ms. Who is heard has its lease back. Who sleeps longest may be denied by those who are awake, and then
# it is lost like any other: a node that is dark is not waited for.
run 1200ms
show outage
    some VIP was dark for 2.2 s
show events about is lost
    Node adc-3 is lost.
wait until well
    All is well, within a second.
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
