# SIGTERM: it ends its leadership first and says so in the store. Nobody has to wait for it, and the next one leads at once.
coordinators 3
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
terminate the-leader
run 50ms
show leader
    the leader of term 2 answers
run 1s
show coordinators
    coordinator-1  does not lead
    coordinator-2  leads term 2
    coordinator-3  is dead
show outage
    no VIP was dark for a millisecond
show moves
    none moved
start coordinator
run 1s
show coordinators
    coordinator-1  does not lead
    coordinator-2  leads term 2
    coordinator-3  does not lead
