# Agent and relay wake together: the relay looks at its deadline before it serves anything.
nodes 3
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show outage
    no VIP was dark for a millisecond
pause adc-3 5s
run 4990ms
show outage
    some VIP was dark, for less than 600 ms
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  down, taking its share: owns 0, serves 0
run 20ms
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  down, taking its share: owns 0, serves 0
run 15s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
