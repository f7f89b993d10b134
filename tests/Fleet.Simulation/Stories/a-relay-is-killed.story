# The data plane's process dies and its agent lives. A second relay, which knows the plan and holds nothing, takes its place with one order. The
# node is as it was, so nothing moves.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
kill-relay adc-3
run 2s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for 20 ms
show moves
    none moved
show events
    nothing
# And once more, before there is a new spare: then a process has to be started, which takes longer.
kill-relay adc-3
run 20ms
kill-relay adc-3
run 3s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    some VIP was dark, for less than 150 ms
show moves
    none moved
