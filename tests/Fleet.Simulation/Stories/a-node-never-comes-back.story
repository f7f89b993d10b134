# A dead node stays in the fleet, down, until an operator says that it will not come back: then it is forgotten.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
kill adc-4
run 20s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  down, taking its share: owns 0, serves 0
leave adc-4
    Node adc-4 is leaving.
run 1s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  not in the fleet: owns 0, serves 0
show events
    Node adc-4 is lost.
    3 VIP(s) go to adc-1 (1), adc-2 (1), adc-3 (1).
    Node adc-4 is leaving.
    Node adc-4 has left.
# Should it come back all the same, it joins like any new node.
start adc-4
wait until well
    All is well, within a second.
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    some VIP was dark, for less than 600 ms
