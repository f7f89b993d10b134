# A node's heartbeats arrive, and nothing that the coordinator says reaches it. It looks well. Just then it is given VIPs, and does not take them.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
cut coordinator to adc-3
service longer vips 8
    Service longer has 8 VIPs and 2 backends.
run 200ms
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 3 (!)
    adc-4  up, taking its share: owns 5, serves 5
# Taking them back by another map would not be safe: the first one may be on its way. So the node is fenced. Its heartbeats are acknowledged no
# more, its witnesses vouch for it no more, it lets go of all it has, and all that goes to others, within a second.
run 800ms
show owners
    adc-1  up, taking its share: owns 7, serves 7
    adc-2  up, taking its share: owns 7, serves 7
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 6, serves 6
show outage
    some VIP was dark, for less than 150 ms
show events
    Service longer has 8 VIPs and 2 backends.
    8 VIP(s) go to adc-1 (2), adc-2 (2), adc-3 (2), adc-4 (2).
    Cannot be counted on and is not proven lost, answered in DNS only where nothing else can be: adc-3.
    Node adc-3 is lost.
    5 VIP(s) go to adc-1 (2), adc-2 (2), adc-4 (1).
run 5s
# It comes back when it has heard that it was lost.
heal
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for 20 ms
