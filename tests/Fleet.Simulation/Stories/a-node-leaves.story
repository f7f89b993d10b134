# Nodes that leave hand over all they have by plan, and are forgotten when they hold nothing. A fleet lets them go as long as those that stay can do
# the work, and survive what they are to survive.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show outage
    no VIP was dark for a millisecond
show moves
    none moved
leave adc-4
    Node adc-4 is leaving.
run 8s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  not in the fleet: owns 0, serves 0
show outage
    no VIP was dark for 20 ms
show moves
    1 from adc-4 to adc-1
    1 from adc-4 to adc-2
    1 from adc-4 to adc-3
# The last two cannot both leave.
leave adc-1
    Node adc-1 is leaving.
run 5s
# With one node less, the death of another would leave VIPs without a standby: whoever wants that must insist.
leave adc-2
    refused: With this, the protection, that any 1 node(s) may fail, would not hold: VIP 10.0.1.45 has no standby left when adc-3 fails, and none can be named: too few nodes may take it. VIP 10.0.1.45 needs 2 nodes, its owner and its standbys, and 1 of the fleet may take it: 1 more node is needed. To do it all the same: pbm ... --force.
force leave adc-2
    Node adc-2 is leaving. Forced, though the protection, that any 1 node(s) may fail, would not hold: VIP 10.0.1.45 has no standby left when adc-3 fails, and none can be named: too few nodes may take it. VIP 10.0.1.45 needs 2 nodes, its owner and its standbys, and 1 of the fleet may take it: 1 more node is needed.
run 5s
leave adc-3
    refused: Node adc-3 has VIPs and no other node could take them: add a node, or undrain one, first.
show owners
    adc-1  not in the fleet: owns 0, serves 0
    adc-2  not in the fleet: owns 0, serves 0
    adc-3  up, taking its share: owns 12, serves 12
    adc-4  not in the fleet: owns 0, serves 0
show events
    c1 leads term 1.
    Service web has 12 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    Node adc-4 is in the fleet: 10 Gbit/s, here, rack-4.
    12 VIP(s) go to adc-1 (3), adc-2 (3), adc-3 (3), adc-4 (3).
    Node adc-4 is leaving.
    1 VIP(s) are to move by plan: 10.0.1.48 to adc-1.
    1 VIP(s) are let go of: 10.0.1.48.
    1 VIP(s) go to adc-1 (1).
    1 VIP(s) are to move by plan: 10.0.1.52 to adc-2.
    1 VIP(s) are let go of: 10.0.1.52.
    1 VIP(s) go to adc-2 (1).
    1 VIP(s) are to move by plan: 10.0.1.56 to adc-3.
    1 VIP(s) are let go of: 10.0.1.56.
    1 VIP(s) go to adc-3 (1).
    Node adc-4 has left.
    Node adc-1 is leaving.
    1 VIP(s) are to move by plan: 10.0.1.45 to adc-2.
    1 VIP(s) are let go of: 10.0.1.45.
    1 VIP(s) go to adc-2 (1).
    1 VIP(s) are to move by plan: 10.0.1.48 to adc-3.
    1 VIP(s) are let go of: 10.0.1.48.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.49 to adc-2.
    1 VIP(s) are let go of: 10.0.1.49.
    1 VIP(s) go to adc-2 (1).
    1 VIP(s) are to move by plan: 10.0.1.53 to adc-3.
    1 VIP(s) are let go of: 10.0.1.53.
    1 VIP(s) go to adc-3 (1).
    Node adc-1 has left.
    Node adc-2 is leaving.
    Forced, though the protection, that any 1 node(s) may fail, would not hold: VIP 10.0.1.45 has no standby left when adc-3 fails, and none can be named: too few nodes may take it. VIP 10.0.1.45 needs 2 nodes, its owner and its standbys, and 1 of the fleet may take it: 1 more node is needed.
    1 VIP(s) are to move by plan: 10.0.1.45 to adc-3.
    1 VIP(s) are let go of: 10.0.1.45.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.46 to adc-3.
    1 VIP(s) are let go of: 10.0.1.46.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.49 to adc-3.
    1 VIP(s) are let go of: 10.0.1.49.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.50 to adc-3.
    1 VIP(s) are let go of: 10.0.1.50.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.52 to adc-3.
    1 VIP(s) are let go of: 10.0.1.52.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.54 to adc-3.
    1 VIP(s) are let go of: 10.0.1.54.
    1 VIP(s) go to adc-3 (1).
    Node adc-2 has left.
