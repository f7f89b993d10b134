# A standby takes the leadership from a leader with which nothing is wrong, five times: deposing too early costs a moment without changes, and
# nothing else.
coordinators 3
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
depose
run 100ms
show leader
    nobody answers as a leader
run 400ms
show leader
    the leader of term 2 answers
run 1s
depose
run 1500ms
depose
run 1500ms
depose
run 1500ms
depose
run 1500ms
show coordinators
    coordinator-1  does not lead
    coordinator-2  does not lead
    coordinator-3  leads term 6
show outage
    no VIP was dark for a millisecond
show moves
    none moved
show events
    c2 leads term 2.
    c1 leads term 3.
    c3 leads term 4.
    c1 leads term 5.
    c3 leads term 6.
