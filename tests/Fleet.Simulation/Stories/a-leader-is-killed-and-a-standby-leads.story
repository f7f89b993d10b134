# Three coordinators share a replicated store, and each can lead. The leader is killed: a standby sees its connection end, takes the leadership in
# the store, waits until nothing more can be acknowledged in the old term, and goes on.
coordinators 3
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
show coordinators
    coordinator-1  leads term 1
    coordinator-2  does not lead
    coordinator-3  does not lead
kill the-leader
run 200ms
show coordinators
    coordinator-1  is dead
    coordinator-2  does not lead
    coordinator-3  does not lead
run 300ms
show leader
    the leader of term 2 answers
run 1s
show outage
    no VIP was dark for a millisecond
show moves
    none moved
show map
    term 2; all have the newest map
drain adc-2
    Node adc-2 is draining.
# It comes back, and waits.
start coordinator
run 2s
undrain adc-2
    Node adc-2 is taking its share.
run 2s
show events
    c2 leads term 2.
    Node adc-2 is draining.
    1 VIP(s) are to move by plan: 10.0.1.46 to adc-1.
    1 VIP(s) are let go of: 10.0.1.46.
    1 VIP(s) go to adc-1 (1).
    1 VIP(s) are to move by plan: 10.0.1.50 to adc-3.
    1 VIP(s) are let go of: 10.0.1.50.
    1 VIP(s) go to adc-3 (1).
    1 VIP(s) are to move by plan: 10.0.1.54 to adc-4.
    1 VIP(s) are let go of: 10.0.1.54.
    1 VIP(s) go to adc-4 (1).
    Node adc-2 is taking its share.
    1 VIP(s) are to move by plan: 10.0.1.53 to adc-2.
    1 VIP(s) are let go of: 10.0.1.53.
    1 VIP(s) go to adc-2 (1).
    1 VIP(s) are to move by plan: 10.0.1.55 to adc-2.
    1 VIP(s) are let go of: 10.0.1.55.
    1 VIP(s) go to adc-2 (1).
    1 VIP(s) are to move by plan: 10.0.1.56 to adc-2.
    1 VIP(s) are let go of: 10.0.1.56.
    1 VIP(s) go to adc-2 (1).
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
