# The coordinator does not hear it, its watchers do: it keeps what it has.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show outage
    no VIP was dark for a millisecond
show moves
    none moved
show events
    1.1  c1 leads term 1.
    1.3  Service web has 12 VIPs and 2 backends.
    1.4  Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    1.7  Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    1.9  Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    1.11  Node adc-4 is in the fleet: 10 Gbit/s, here, rack-4.
    1.15  12 VIP(s) go to adc-1 (3), adc-2 (3), adc-3 (3), adc-4 (3).
cut adc-1 from coordinator
run 20s
show owners
    adc-1  up, taking its share: owns 3, serves 3
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
    1.21  Cannot be counted on and is not proven lost, answered in DNS only where nothing else can be: adc-1.
    1.22  Can be counted on again: adc-1.
show map
    map 1.22, adc-1 at 1.22, adc-2 at 1.22, adc-3 at 1.22, adc-4 at 1.22
