# SIGTERM, as for an upgrade: the agent says goodbye, hands over all it has by plan, and ends. Started again it gets its share back. Nothing is dark
# for longer than a handover takes.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
stop adc-2
run 5s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show outage
    no VIP was dark for 20 ms
# Down, but not held against it.
start adc-2
wait until well
    All is well, within a second.
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for 20 ms
