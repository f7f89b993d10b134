# The coordinator does not hear it, its witnesses do: it keeps what it has.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show outage
    no VIP was dark for a millisecond
show moves
    none moved
show events
    c1 leads term 1.
    Service web has 12 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    Node adc-4 is in the fleet: 10 Gbit/s, here, rack-4.
    12 VIP(s) go to adc-1 (3), adc-2 (3), adc-3 (3), adc-4 (3).
cut adc-1 from coordinator
run 20s
show owners
    adc-1  up but silent, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for a millisecond
show moves
    none moved
heal
run 5s
show events
    Cannot be counted on and is not proven lost, answered in DNS only where nothing else can be: adc-1.
    Can be counted on again: adc-1.
show map
    term 1; all have the newest map
