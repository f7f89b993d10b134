# A host stands still. Meanwhile it is lost, the coordinator dies and is started again, and its term is over. What the old one said last is still in
# the sleeper's socket.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
pause adc-3 6s
run 1s
service longer vips 4
    Service longer has 4 VIPs and 2 backends.
run 1s
kill coordinator
run 1s
start coordinator
run 2s
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 5, serves 5
show map
    term 2; an older map: adc-3
# It wakes and reads first what was said in term 1: maps in which it owns nothing, and then that the connection is gone. Its own lease is long over,
# so it serves nothing before it has found the leader of term 2 and that one has taken it back.
run 1100ms
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 5, serves 5
wait until well
    All is well, within 5 s.
show map
    term 2; all have the newest map
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show events about is lost
    Node adc-3 is lost.
