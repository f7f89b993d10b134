# Three of four die at once. One witness of each is left, and one of three that denies a node proves nothing: it may be the one that is cut off,
# while the others vouch for each other.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
kill adc-1
kill adc-2
kill adc-3
run 5s
# The coordinator does not guess. DNS at least answers only what is heard.
show owners
    adc-1  up but silent, taking its share: owns 3, serves 0 (!)
    adc-2  up but silent, taking its share: owns 3, serves 0 (!)
    adc-3  up but silent, taking its share: owns 3, serves 0 (!)
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for a millisecond
    9 VIPs dark now
show answers
    adc-4: web is answered with 3 VIPs of adc-4
# An operator who knows that they are dead says so. Of one that is heard that is not believed.
declare-down adc-4
    refused: Node adc-4 was heard some ms ago: it may be serving. Drain it, or stop it first.
declare-down adc-1
    Node adc-1 is declared down; its VIPs move.
declare-down adc-2
    Node adc-2 is declared down; its VIPs move.
declare-down adc-3
    Node adc-3 is declared down; its VIPs move.
run 1s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 12, serves 12
show outage
    some VIP was dark for 5.0 s
