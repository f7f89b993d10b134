# Leases are counted by clocks that nobody can set. Whatever happens to the time of day, on a node or on the coordinator's host, nothing happens to
# VIPs, and the dead are found as soon.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
clock-jumps adc-2 1h
run 5s
clock-jumps adc-2 -2h
clock-jumps coordinator -1h
run 5s
show events
    nothing
show outage
    no VIP was dark for a millisecond
kill adc-3
run 1s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
show outage
    some VIP was dark, for less than 600 ms
