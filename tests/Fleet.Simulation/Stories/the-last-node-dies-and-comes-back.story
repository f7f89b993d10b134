# With one node there is nobody to take over, and nobody who could say that it is dead: it is silent, and keeps what it has.
nodes 1
service web vips 6
    Service web has 6 VIPs and 2 backends.
form
    1 node up, 6 VIPs served.
kill adc-1
run 10s
show owners
    adc-1  up but silent, taking its share: owns 6, serves 0 (!)
show outage
    no VIP was dark for a millisecond
    6 VIPs dark now
# It comes back and takes up what was its own all the time.
start adc-1
run 5s
show owners
    adc-1  up, taking its share: owns 6, serves 6
show outage
    some VIP was dark for 10.2 s
show events
    Cannot be counted on and is not proven lost, answered in DNS only where nothing else can be: adc-1.
    Can be counted on again: adc-1.
