# A service's port is taken on every host, or its addresses can be bound nowhere. No node may have better luck than the one that tries: the VIPs stay where they
# are, and DNS answers them all, for it has nothing better. What the nodes served before is not touched.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
binds-fail adc-1 70s
binds-fail adc-2 70s
binds-fail adc-3 70s
binds-fail adc-4 70s
service longer vips 8
    Service longer has 8 VIPs and 2 backends.
run 3s
show owners
    adc-1  up, taking its share: owns 5, serves 3 (!)
    adc-2  up, taking its share: owns 5, serves 3 (!)
    adc-3  up, taking its share: owns 5, serves 3 (!)
    adc-4  up, taking its share: owns 5, serves 3 (!)
show answers
    adc-1, adc-2, adc-3, adc-4: longer is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-3 and 2 VIPs of adc-4
    adc-1, adc-2, adc-3, adc-4: web is answered with 3 VIPs of adc-1 and 3 VIPs of adc-2 and 3 VIPs of adc-3 and 3 VIPs of adc-4
run 60s
show moves
    none moved
show events
    Service longer has 8 VIPs and 2 backends.
    8 VIP(s) go to adc-1 (2), adc-2 (2), adc-3 (2), adc-4 (2).
# As soon as they can be held they are served.
run 8s
wait until well
    All is well, at once.
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show moves
    none moved
# A single VIP is tried everywhere, and by each node again after ten seconds, twenty, forty, and from then on once a minute.
binds-fail adc-1 300s
binds-fail adc-2 300s
binds-fail adc-3 300s
binds-fail adc-4 300s
service lone vips 1
    Service lone has 1 VIPs and 2 backends.
run 8s
show events about to move
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-2.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-4.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-3.
run 22s
show events about to move
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-1.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-2.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-4.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-3.
run 60s
show events about to move
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-1.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-2.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-4.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-3.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-1.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-2.
run 120s
show events about to move
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-4.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-3.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-1.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-2.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-4.
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.145 to adc-3.
