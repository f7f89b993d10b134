# Nobody gives anything up: witnesses vouch for each other.
nodes 4
service web vips 20
    Service web has 20 VIPs and 2 backends.
run 4s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for a millisecond
show moves
    none moved
kill coordinator
run 30s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for a millisecond
show moves
    none moved
# It comes back with the same owners and a higher term.
start coordinator
run 3s
show events
    c1 leads term 1.
    Service web has 20 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    Node adc-4 is in the fleet: 10 Gbit/s, here, rack-4.
    20 VIP(s) go to adc-1 (5), adc-2 (5), adc-3 (5), adc-4 (5).
    c1 leads term 2.
show map
    term 2; all have the newest map
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for a millisecond
show moves
    none moved
