# One node is dead and one is cut off, and both still know of a service that is removed meanwhile.
nodes 5
service web vips 10
    Service web has 10 VIPs and 2 backends.
service longer vips 10
    Service longer has 10 VIPs and 2 backends.
form
    5 nodes up, 20 VIPs served.
kill adc-1
cut adc-2 from coordinator
run 2s
remove longer
    Service longer is removed.
run 2s
# What is cut off cannot be told: it serves on what is not in the map any more. Were the service put back now, those VIPs would wait for it.
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up but silent, taking its share: owns 2, serves 4 (!)
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 2, serves 2
    adc-5  up, taking its share: owns 2, serves 2
show outage
    some VIP was dark, for less than 600 ms
service longer vips 10
    Service longer has 10 VIPs and 2 backends.
run 300ms
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up but silent, taking its share: owns 2, serves 4 (!)
    adc-3  up, taking its share: owns 6, serves 6
    adc-4  up, taking its share: owns 5, serves 5
    adc-5  up, taking its share: owns 5, serves 5
    nobody owns 2
# The node cannot be asked and holds what somebody else is to serve, so it is fenced: its witnesses let its lease end, and then they are free.
run 1s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 8, serves 8
    adc-4  up, taking its share: owns 6, serves 6
    adc-5  up, taking its share: owns 6, serves 6
start adc-1
heal
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
    adc-5  up, taking its share: owns 4, serves 4
