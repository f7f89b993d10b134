# Three witnesses each; at most one of them died too, and two are enough to deny.
nodes 5
service web vips 20
    Service web has 20 VIPs and 2 backends.
run 4s
show outage
    no VIP was dark for a millisecond
show moves
    none moved
kill adc-2
kill adc-4
run 1s
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 7, serves 7
    adc-4  down, taking its share: owns 0, serves 0
    adc-5  up, taking its share: owns 7, serves 7
show outage
    some VIP was dark, for less than 600 ms
show moves
    1 from adc-2 to adc-1
    2 from adc-2 to adc-3
    1 from adc-2 to adc-5
    1 from adc-4 to adc-1
    1 from adc-4 to adc-3
    2 from adc-4 to adc-5
