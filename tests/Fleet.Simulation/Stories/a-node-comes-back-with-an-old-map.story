# The disk of a node is full, so the maps that it gets cannot be kept. That stops nothing: what is on disk is for the next start.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
disk-full adc-2 30s
service longer vips 8
    Service longer has 8 VIPs and 2 backends.
run 3s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show map
    term 1; all have the newest map
# It dies, and all it had goes elsewhere. It comes back while no coordinator is there, with a map that says that VIPs are its own which others serve
# by now.
kill adc-2
run 2s
kill coordinator
start adc-2
run 5s
show map
    term 1; an older map: adc-2
show answers
    adc-1, adc-3, adc-4: longer is answered with 3 VIPs of adc-1 and 3 VIPs of adc-3 and 2 VIPs of adc-4
    adc-1, adc-3, adc-4: web is answered with 4 VIPs of adc-1 and 4 VIPs of adc-3 and 4 VIPs of adc-4
    adc-2: web is answered with 3 VIPs of adc-1 and 3 VIPs of adc-2 and 3 VIPs of adc-3 and 3 VIPs of adc-4
# It answers DNS by that map, but serves nothing: a map gives no right to, only a lease does, and to a node that was restarted no witness gives one
# back.
show owners
    adc-1  up, taking its share: owns 7, serves 7
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 7, serves 7
    adc-4  up, taking its share: owns 6, serves 6
start coordinator
wait until well
    All is well, within 5 s.
show map
    term 2; all have the newest map
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    some VIP was dark, for less than 600 ms
