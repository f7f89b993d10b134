# The agent is heard and renews the lease, but the processes that should serve under it stand still: relay and spare, SIGSTOP. A heartbeat alone is
# no proof of service.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
pause-relay adc-3 5s
run 900ms
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 0 (!)
    adc-4  up, taking its share: owns 3, serves 3
# An order that is not answered for a second ends the relay: killed, it cannot wake up beside its successor. The spare has a second too, and is no
# better, so another is started. Nothing moves.
run 1100ms
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    some VIP was dark for 1.8 s
# Five seconds after, what was killed would have gone on.
run 5s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for a millisecond
show moves
    none moved
