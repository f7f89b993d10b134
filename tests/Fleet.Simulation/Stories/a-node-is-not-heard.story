# What a node says does not reach the coordinator, and what the coordinator says does reach the node. Its witnesses hear it, so it keeps what it has.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
cut adc-3 to coordinator
run 5s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up but silent, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
# From here it cannot be told from a dead node. DNS answers others while there are any, and it is given nothing new: it could not say whether it has
# taken it.
show answers
    adc-1, adc-2, adc-3, adc-4: web is answered with 3 VIPs of adc-1 and 3 VIPs of adc-2 and 3 VIPs of adc-4
service longer vips 8
    Service longer has 8 VIPs and 2 backends.
run 2s
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  up but silent, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for a millisecond
# When the cut ends, what the node said before comes out of the pipes, of a connection that it has given up. That is no sign that it could take
# anything: moves wait for its new one.
heal
wait until well
    All is well, within a second.
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for 20 ms
