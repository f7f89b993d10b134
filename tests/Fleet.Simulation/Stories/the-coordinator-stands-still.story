# SIGSTOP of the coordinator, as when its host swaps. While it stands still nobody decides and nobody gives anything up; what dies meanwhile stays
# dark.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
pause coordinator 5s
run 2s
kill adc-2
run 2900ms
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 0 (!)
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for a millisecond
    3 VIPs dark now
# It wakes with heartbeats in its mailbox that are seconds old and a clock that says that everybody was silent. It believes neither and asks. From
# the moment it goes on the dead one is found as soon as ever.
run 700ms
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show outage
    some VIP was dark for 3.5 s
run 10s
show events
    Node adc-2 is lost.
    3 VIP(s) go to adc-1 (1), adc-3 (1), adc-4 (1).
