# The store loses its quorum for 30 seconds. Nobody leads, nothing changes, and no node gives anything up: they vouch for one another.
coordinators 3
nodes 5
service web vips 20
    Service web has 20 VIPs and 2 backends.
form
    5 nodes up, 20 VIPs served.
store away 30s
run 2s
show leader
    nobody answers as a leader
drain adc-2
    refused: there is no leader
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
    adc-5  up, taking its share: owns 4, serves 4
show outage
    no VIP was dark for a millisecond
# What dies meanwhile stays dark,
kill adc-3
run 25s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 0 (!)
    adc-4  up, taking its share: owns 4, serves 4
    adc-5  up, taking its share: owns 4, serves 4
show events
    nothing
# and is moved as soon as the store is back.
run 5s
show leader
    the leader of term 1 answers
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 5, serves 5
    adc-5  up, taking its share: owns 5, serves 5
show events
    Node adc-3 is lost.
    4 VIP(s) go to adc-1 (1), adc-2 (1), adc-4 (1), adc-5 (1).
start adc-3
wait until well
    All is well, within a second.
show outage
    some VIP was dark for 28.4 s
