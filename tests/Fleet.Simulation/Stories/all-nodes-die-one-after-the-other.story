# A whole fleet loses its nodes one by one, and gets them back in another order.
nodes 3
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    3 nodes up, 12 VIPs served.
kill adc-1
run 2s
kill adc-2
run 2s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 12, serves 12
# Until here all was served. The last one takes everything with it.
kill adc-3
run 5s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up but silent, taking its share: owns 12, serves 0 (!)
show outage
    some VIP was dark, for less than 600 ms
    12 VIPs dark now
# Another comes back first. It may not simply take what the dead one had: nobody is left who could say that it is dead. An operator can.
start adc-2
run 5s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 0, serves 0
    adc-3  up but silent, taking its share: owns 12, serves 0 (!)
declare-down adc-3
    Node adc-3 is declared down; its VIPs move.
run 1s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 12, serves 12
    adc-3  down, taking its share: owns 0, serves 0
show outage
    some VIP was dark for 10.0 s
start adc-1
start adc-3
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
