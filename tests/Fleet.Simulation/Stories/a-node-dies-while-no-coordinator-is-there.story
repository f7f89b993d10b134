# Without a coordinator nobody gives anything up and nobody can be given anything: what a dead node had is dark until there is a coordinator again.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
kill coordinator
run 1s
kill adc-2
run 10s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 0 (!)
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for a millisecond
    3 VIPs dark now
# The new one gives everybody a lease's time to be heard, then asks the witnesses.
start coordinator
run 1s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show outage
    some VIP was dark for 10.5 s
show events
    c1 leads term 2.
    Node adc-2 is lost.
    3 VIP(s) go to adc-1 (1), adc-3 (1), adc-4 (1).
