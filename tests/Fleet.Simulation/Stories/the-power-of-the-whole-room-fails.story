# All hosts lose power at once, the coordinator's too. Of what was not on disk anything may be gone; of what was acknowledged nothing.
nodes 3
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    3 nodes up, 12 VIPs served.
power-off coordinator
power-off adc-1
power-off adc-2
power-off adc-3
run 5s
heal
start adc-3
start adc-2
run 2s
# They know from their disks what was theirs. But nodes that were restarted have no lease, and only a coordinator gives one.
show owners
    adc-1  up, taking its share: owns 4, serves 0 (!)
    adc-2  up, taking its share: owns 4, serves 0 (!)
    adc-3  up, taking its share: owns 4, serves 0 (!)
start coordinator
run 3s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  up, taking its share: owns 6, serves 6
start adc-1
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
show map
    term 2; all have the newest map
show outage
    some VIP was dark for 7.5 s
