# A change is refused and changes nothing; the fleet goes on. What happens meanwhile is dealt with when the store is back.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show outage
    no VIP was dark for a millisecond
show events
    c1 leads term 1.
    Service web has 12 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    Node adc-4 is in the fleet: 10 Gbit/s, here, rack-4.
    12 VIP(s) go to adc-1 (3), adc-2 (3), adc-3 (3), adc-4 (3).
store down 3s
service extra vips 4
    refused: Nothing was changed: the journal cannot be written. Could not append entry 21: Input/output error
drain adc-1
    refused: Nothing was changed: the journal cannot be written. Could not append entry 21: Input/output error
run 2s
show outage
    no VIP was dark for a millisecond
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
run 2s
service extra vips 4
    Service extra has 4 VIPs and 2 backends.
run 3s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show events
    Service extra has 4 VIPs and 2 backends.
    4 VIP(s) go to adc-1 (1), adc-2 (1), adc-3 (1), adc-4 (1).
store down 2s
kill adc-2
run 1s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 0 (!)
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
run 2s
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    some VIP was dark for 2.0 s
