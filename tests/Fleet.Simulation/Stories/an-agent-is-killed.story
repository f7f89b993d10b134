# Only the agent dies. Its relay goes on to the lease's end, and the next owners take over: what is dark is the margin and a little more.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for a millisecond
show moves
    none moved
kill-agent adc-3
run 350ms
# The relay still serves, with nobody to tell it to.
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
run 1s
show outage
    some VIP was dark, for less than 150 ms
show moves
    1 from adc-3 to adc-1
    1 from adc-3 to adc-2
    1 from adc-3 to adc-4
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
