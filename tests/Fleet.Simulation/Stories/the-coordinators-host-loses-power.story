# Whatever was acknowledged is on disk, whenever the power fails; whatever was not is as if it had never been. Nodes notice nothing.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
service longer vips 4
    Service longer has 4 VIPs and 2 backends.
power-off coordinator
run 5s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show outage
    no VIP was dark for a millisecond
start coordinator
run 5s
show events
    Service longer has 4 VIPs and 2 backends.
    4 VIP(s) go to adc-1 (1), adc-2 (1), adc-3 (1), adc-4 (1).
    c1 leads term 2.
# Again, just after a node was found lost: it stays lost, and nobody is given its VIPs a second time.
kill adc-2
run 500ms
power-off coordinator
start coordinator
run 5s
show events
    Node adc-2 is lost.
    4 VIP(s) go to adc-1 (2), adc-3 (1), adc-4 (1).
    c1 leads term 3.
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    some VIP was dark, for less than 600 ms
