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
leave adc-2
    Node adc-2 is leaving.
run 5s
leave adc-3
    refused: Node adc-3 has VIPs and no other node could take them: add a node, or undrain one, first.
show owners
    adc-1  not in the fleet: owns 0, serves 0
    adc-2  not in the fleet: owns 0, serves 0
    adc-3  up, taking its share: owns 12, serves 12
    adc-4  not in the fleet: owns 0, serves 0
