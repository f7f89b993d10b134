# Its peers do not hear it, and the coordinator does. That is enough, as long as there is one.
nodes 5
service web vips 20
    Service web has 20 VIPs and 2 backends.
form
    5 nodes up, 20 VIPs served.
cut adc-3 from witnesses
run 10s
show events
    nothing
show outage
    no VIP was dark for a millisecond
# Without either it has to let go: it cannot know that nobody is about to take its VIPs.
kill coordinator
run 2s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 0 (!)
    adc-4  up, taking its share: owns 4, serves 4
    adc-5  up, taking its share: owns 4, serves 4
# The coordinator is back, hears it, and gives the lease back. Nobody has been given anything meanwhile.
start coordinator
run 3s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
    adc-5  up, taking its share: owns 4, serves 4
show outage
    some VIP was dark for 1.7 s
show moves
    none moved
