# The store is on other hosts, and leadership runs out after a second unless it is renewed. The leader lives, hears its nodes, and cannot reach the
# store.
leadership of 1s
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
show leader
    the leader of term 1 answers
lose-renewals 6s
run 2s
# Another may lead by now for all it knows: it acknowledges nothing, answers nobody, and sends no map.
show leader
    nobody answers as a leader
drain adc-2
    refused: there is no leader
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for a millisecond
# Nodes keep their leases by their witnesses, as when no coordinator is there. Whoever dies now has to wait for a leader.
kill adc-3
run 2s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 0 (!)
    adc-4  up, taking its share: owns 3, serves 3
show events
    nothing
# The store answers again. It has not heard of the leader for longer than a second, so the next term begins, which finds who is lost.
run 5s
show leader
    the leader of term 2 answers
show events
    c1 leads term 2.
    Node adc-3 is lost.
    3 VIP(s) go to adc-2 (2), adc-4 (1).
    1 VIP(s) are to move by plan: 10.0.1.54 to adc-1.
    1 VIP(s) are let go of: 10.0.1.54.
    1 VIP(s) go to adc-1 (1).
start adc-3
wait until well
    All is well, within a second.
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
