# SIGTERM: it tells the others who is next, finishes what is under way, ends its leadership, and then says so in the store. Nobody has to wait for
# it. Nodes go to the next one once that leads.
coordinators 3
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
terminate the-leader
run 200ms
show leader
    the leader of term 2 answers
run 1s
show coordinators
    coordinator-1  is dead
    coordinator-2  leads term 2
    coordinator-3  does not lead
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
