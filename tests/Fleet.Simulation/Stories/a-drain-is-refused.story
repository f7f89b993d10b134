# A VIP counts for a twentieth of a node. Three nodes have 40, so one may die; of two no one could. A drain would break that, and is refused, with
# what would break and by how much.
nodes 3
service web vips 40
    Service web has 40 VIPs and 2 backends.
form
    3 nodes up, 40 VIPs served.
drain adc-1
    refused: With this, the protection, that any 1 node(s) may fail, would not hold: should adc-2 fail, adc-3 would have to carry 10 Gbit/s more than it may. When adc-2 fails, the fleet has 10 Gbit/s left and is asked for 20 Gbit/s: 10 Gbit/s more, or 1 more node of 10 Gbit/s is needed. To do it all the same: pbm ... --force.
show shares
    1 node  up, taking its share: owns 14, serves 14
    2 nodes  up, taking its share: owns 13, serves 13
# Who insists is obeyed, and it is written down that he did.
force drain adc-1
    Node adc-1 is draining. Forced, though the protection, that any 1 node(s) may fail, would not hold: should adc-2 fail, adc-3 would have to carry 10 Gbit/s more than it may. When adc-2 fails, the fleet has 10 Gbit/s left and is asked for 20 Gbit/s: 10 Gbit/s more, or 1 more node of 10 Gbit/s is needed.
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, draining: owns 0, serves 0
    adc-2  up, taking its share: owns 20, serves 20
    adc-3  up, taking its share: owns 20, serves 20
show events about Forced
    Forced, though the protection, that any 1 node(s) may fail, would not hold: should adc-2 fail, adc-3 would have to carry 10 Gbit/s more than it may. When adc-2 fails, the fleet has 10 Gbit/s left and is asked for 20 Gbit/s: 10 Gbit/s more, or 1 more node of 10 Gbit/s is needed.
# The last node that takes VIPs cannot be drained, whoever insists: they would have nowhere to go.
force drain adc-2
    Node adc-2 is draining. Forced, though the protection, that any 1 node(s) may fail, would not hold: with nothing failed, adc-3 would have to carry 10 Gbit/s more than it may. VIP 10.0.1.45 needs 2 nodes, its owner and its standbys, and 1 of the fleet may take it: 1 more node is needed.
run 5s
force drain adc-3
    refused: Node adc-3 has VIPs and no other node could take them: add a node, or undrain one, first.
undrain adc-1
    Node adc-1 is taking its share.
undrain adc-2
    Node adc-2 is taking its share.
wait until well
    All is well, within 5 s.
show shares
    2 nodes  up, taking its share: owns 13, serves 13
    1 node  up, taking its share: owns 14, serves 14
show outage
    no VIP was dark for 20 ms
