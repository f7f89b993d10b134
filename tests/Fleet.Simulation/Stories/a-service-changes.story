# VIPs that are dropped and come back are not given to another node while the first may still hold them.
nodes 3
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 4s
show moves
    none moved
cut adc-1 from coordinator
service web vips 3
    Service web has 3 VIPs and 2 backends.
service web vips 12
    Service web has 12 VIPs and 2 backends.
run 2s
show owners
    adc-1  up, taking its share: owns 3, serves 4 (!)
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    nobody owns 3
# It has heard of the change by now, and says so.
heal
run 5s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
show events
    1.1  c1 leads term 1.
    1.3  Service web has 12 VIPs and 2 backends.
    1.4  Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    1.7  Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    1.9  Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    1.11  12 VIP(s) go to adc-1 (4), adc-2 (4), adc-3 (4).
    1.16  Service web has 3 VIPs and 2 backends.
    1.17  3 VIP(s) that were taken out of the map are let go of: 10.0.1.50, 10.0.1.53, 10.0.1.56.
    1.18  3 VIP(s) that were taken out of the map are let go of: 10.0.1.49, 10.0.1.52, 10.0.1.55.
    1.19  Service web has 12 VIPs and 2 backends.
    1.19  6 VIP(s) go to adc-1 (2), adc-2 (2), adc-3 (2).
    1.23  Not heard and not proven lost, answered in DNS only where nothing else can be: adc-1.
    1.24  Heard again: adc-1.
    1.24  3 VIP(s) that were taken out of the map are let go of: 10.0.1.48, 10.0.1.51, 10.0.1.54.
    1.24  3 VIP(s) go to adc-1 (1), adc-2 (1), adc-3 (1).
service longer vips 6
    Service longer has 6 VIPs and 2 backends.
run 3s
show owners
    adc-1  up, taking its share: owns 6, serves 6
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  up, taking its share: owns 6, serves 6
remove web
    Service web is removed.
run 1s
show owners
    adc-1  up, taking its share: owns 2, serves 2
    adc-2  up, taking its share: owns 2, serves 2
    adc-3  up, taking its share: owns 2, serves 2
