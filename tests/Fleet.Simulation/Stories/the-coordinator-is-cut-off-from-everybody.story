# It hears nobody. That is more likely its own line than the death of all: it moves nothing, nodes go on by their witnesses, and no answer changes.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
cut coordinator from adc-1
cut coordinator from adc-2
cut coordinator from adc-3
cut coordinator from adc-4
run 20s
show owners
    adc-1  up but silent, taking its share: owns 3, serves 3
    adc-2  up but silent, taking its share: owns 3, serves 3
    adc-3  up but silent, taking its share: owns 3, serves 3
    adc-4  up but silent, taking its share: owns 3, serves 3
show answers
    adc-1, adc-2, adc-3, adc-4: web is answered with 3 VIPs of adc-1 and 3 VIPs of adc-2 and 3 VIPs of adc-3 and 3 VIPs of adc-4
# A change is taken and kept; it is carried out when somebody is heard who can.
service longer vips 4
    Service longer has 4 VIPs and 2 backends.
run 1s
show owners
    adc-1  up but silent, taking its share: owns 3, serves 3
    adc-2  up but silent, taking its share: owns 3, serves 3
    adc-3  up but silent, taking its share: owns 3, serves 3
    adc-4  up but silent, taking its share: owns 3, serves 3
    nobody owns 4
heal
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show outage
    no VIP was dark for 20 ms
