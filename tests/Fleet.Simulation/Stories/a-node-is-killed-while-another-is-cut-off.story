# What cannot be reached by the coordinator keeps what it has, and is given nothing that others could serve.
nodes 5
service web vips 20
    Service web has 20 VIPs and 2 backends.
run 4s
show moves
    none moved
show outage
    no VIP was dark for a millisecond
cut adc-1 from coordinator
run 2s
kill adc-2
run 1s
show owners
    adc-1  up but silent, taking its share: owns 4, serves 4
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 6, serves 6
    adc-4  up, taking its share: owns 5, serves 5
    adc-5  up, taking its share: owns 5, serves 5
show outage
    some VIP was dark, for less than 600 ms
show moves
    2 from adc-2 to adc-3
    1 from adc-2 to adc-4
    1 from adc-2 to adc-5
heal
run 15s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
    adc-5  up, taking its share: owns 5, serves 5
