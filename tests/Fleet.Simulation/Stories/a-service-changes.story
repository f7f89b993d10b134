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
    1.1  c1 leads term 1.
    1.3  Service web has 12 VIPs and 2 backends.
    1.4  Node adc-3 is in the fleet: 10 Gbit/s, here, rack-3.
    1.7  Node adc-1 is in the fleet: 10 Gbit/s, here, rack-1.
    1.8  Node adc-2 is in the fleet: 10 Gbit/s, here, rack-2.
    1.10  12 VIP(s) go to adc-1 (4), adc-2 (4), adc-3 (4).
    1.15  Service web has 3 VIPs and 2 backends.
    1.16  3 VIP(s) that were taken out of the map are let go of: 10.0.1.49, 10.0.1.52, 10.0.1.55.
    1.17  3 VIP(s) that were taken out of the map are let go of: 10.0.1.50, 10.0.1.53, 10.0.1.56.
    1.18  Service web has 12 VIPs and 2 backends.
    1.18  6 VIP(s) go to adc-1 (2), adc-2 (2), adc-3 (2).
    1.22  Cannot be counted on and is not proven lost, answered in DNS only where nothing else can be: adc-1.
    1.23  Node adc-1 is lost.
    1.23  3 VIP(s) that were taken out of the map are let go of: 10.0.1.48, 10.0.1.51, 10.0.1.54.
    1.23  6 VIP(s) go to adc-2 (3), adc-3 (3).
    1.27  Node adc-1 is back.
    1.29  1 VIP(s) are to move by plan: 10.0.1.53 to adc-1.
    1.30  1 VIP(s) are let go of: 10.0.1.53.
    1.31  1 VIP(s) go to adc-1 (1).
    1.32  1 VIP(s) are to move by plan: 10.0.1.54 to adc-1.
    1.33  1 VIP(s) are let go of: 10.0.1.54.
    1.34  1 VIP(s) go to adc-1 (1).
    1.35  1 VIP(s) are to move by plan: 10.0.1.55 to adc-1.
    1.36  1 VIP(s) are let go of: 10.0.1.55.
    1.37  1 VIP(s) go to adc-1 (1).
    1.38  1 VIP(s) are to move by plan: 10.0.1.56 to adc-1.
    1.39  1 VIP(s) are let go of: 10.0.1.56.
    1.40  1 VIP(s) go to adc-1 (1).
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
