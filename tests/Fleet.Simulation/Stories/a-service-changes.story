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
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  up, taking its share: owns 6, serves 6
# It has heard of the change by now, and says so.
heal
run 5s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
show events
    c1 leads term 1.
    Service web has 12 VIPs and 2 backends.
    Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    12 VIP(s) go to adc-1 (4), adc-2 (4), adc-3 (4).
    Service web has 3 VIPs and 2 backends.
    3 VIP(s) that were taken out of the map are let go of: 10.0.1.49, 10.0.1.52, 10.0.1.55.
    3 VIP(s) that were taken out of the map are let go of: 10.0.1.50, 10.0.1.53, 10.0.1.56.
    Service web has 12 VIPs and 2 backends.
    6 VIP(s) go to adc-1 (2), adc-2 (2), adc-3 (2).
    Cannot be counted on and is not proven lost, answered in DNS only where nothing else can be: adc-1.
    Node adc-1 is lost.
    3 VIP(s) that were taken out of the map are let go of: 10.0.1.48, 10.0.1.51, 10.0.1.54.
    6 VIP(s) go to adc-2 (3), adc-3 (3).
    Node adc-1 is back.
    1 VIP(s) are to move by plan: 10.0.1.53 to adc-1.
    1 VIP(s) are let go of: 10.0.1.53.
    1 VIP(s) go to adc-1 (1).
    1 VIP(s) are to move by plan: 10.0.1.54 to adc-1.
    1 VIP(s) are let go of: 10.0.1.54.
    1 VIP(s) go to adc-1 (1).
    1 VIP(s) are to move by plan: 10.0.1.55 to adc-1.
    1 VIP(s) are let go of: 10.0.1.55.
    1 VIP(s) go to adc-1 (1).
    1 VIP(s) are to move by plan: 10.0.1.56 to adc-1.
    1 VIP(s) are let go of: 10.0.1.56.
    1 VIP(s) go to adc-1 (1).
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
