# Its witnesses hear a node that the coordinator cannot hear, but it has no lease any more: it must not be held for alive because of them.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show moves
    none moved
show outage
    no VIP was dark for a millisecond
cut adc-2 from coordinator
run 1s
kill-agent adc-2
run 100ms
start adc-2
run 2s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show moves
    1 from adc-2 to adc-1
    1 from adc-2 to adc-3
    1 from adc-2 to adc-4
heal
run 5s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
