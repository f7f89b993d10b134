# The leader hears its nodes and the other coordinators, and does not reach the store. It stops acknowledging by itself, 240 ms after the last question
# that was answered. Nobody deposes it, because it is heard: its session in the store ends, and another leads.
coordinators 3
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
cut-from-store the-leader both 20s
run 300ms
show coordinators
    coordinator-1  does not lead
    coordinator-2  does not lead
    coordinator-3  does not lead
run 4s
show coordinators
    coordinator-1  does not lead
    coordinator-2  does not lead
    coordinator-3  leads term 2
drain adc-2
    Node adc-2 is draining.
undrain adc-2
    Node adc-2 is taking its share.
show outage
    no VIP was dark for a millisecond
show moves
    none moved
run 20s
show coordinators
    coordinator-1  does not lead
    coordinator-2  does not lead
    coordinator-3  leads term 2
wait until well
    All is well, at once.
