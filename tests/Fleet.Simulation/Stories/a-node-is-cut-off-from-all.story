# It cannot know that the others live, and gives its VIPs up at the lease's end; then they move.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show outage
    no VIP was dark for a millisecond
show moves
    none moved
cut adc-1 from all
run 390ms
show owners
    adc-1  up, taking its share: owns 3, serves 0 (!)
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
run 30ms
show owners
    adc-1  up, taking its share: owns 3, serves 0 (!)
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
run 1s
show outage
    some VIP was dark, for less than 150 ms
show moves
    1 from adc-1 to adc-2
    1 from adc-1 to adc-3
    1 from adc-1 to adc-4
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
heal
run 10s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
