# Every node stands still for longer than its lease, and nobody is left to renew it but the witnesses. They give it back: none of them has told a
# coordinator since that somebody was silent, so no VIP can have been given away.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
kill coordinator
run 5s
pause all nodes 2s
run 1900ms
show owners
    adc-1  up, taking its share: owns 3, serves 0 (!)
    adc-2  up, taking its share: owns 3, serves 0 (!)
    adc-3  up, taking its share: owns 3, serves 0 (!)
    adc-4  up, taking its share: owns 3, serves 0 (!)
run 700ms
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    some VIP was dark for 2.1 s
start coordinator
wait until well
    All is well, within a second.
show moves
    none moved
