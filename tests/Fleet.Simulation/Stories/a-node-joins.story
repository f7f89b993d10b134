# Five nodes of 20 VIPs have four each: the least that must move is four, and four move.
nodes 4
service web vips 20
    Service web has 20 VIPs and 2 backends.
run 4s
show moves
    none moved
show outage
    no VIP was dark for a millisecond
join adc-5
run 10s
show moves
    1 from adc-1 to adc-5
    1 from adc-2 to adc-5
    1 from adc-3 to adc-5
    1 from adc-4 to adc-5
show outage
    no VIP was dark for 20 ms
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
    adc-5  up, taking its share: owns 4, serves 4
