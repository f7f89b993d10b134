# Six nodes in three racks, two in each, and protection against the loss of any rack: no VIP has its standby in the rack that it lies in, and a
# node's witnesses are in other racks.
nodes 6
racks 3
protect 1 nodes and a rack
service web vips 24
    Service web has 24 VIPs and 2 backends.
form
    6 nodes up, 24 VIPs served.
show shares
    6 nodes  up, taking its share: owns 4, serves 4
# adc-1 and adc-4 share a power feed.
power-off adc-1
power-off adc-4
run 1s
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 6, serves 6
    adc-3  up, taking its share: owns 6, serves 6
    adc-4  down, taking its share: owns 0, serves 0
    adc-5  up, taking its share: owns 6, serves 6
    adc-6  up, taking its share: owns 6, serves 6
show outage
    some VIP was dark, for less than 600 ms
# Each of the four that are left has taken its part of both.
show moves
    1 from adc-1 to adc-2
    1 from adc-1 to adc-3
    1 from adc-1 to adc-5
    1 from adc-1 to adc-6
    1 from adc-4 to adc-2
    1 from adc-4 to adc-3
    1 from adc-4 to adc-5
    1 from adc-4 to adc-6
heal
start adc-1
start adc-4
wait until well
    All is well, within 5 s.
show shares
    6 nodes  up, taking its share: owns 4, serves 4
show outage
    no VIP was dark for 20 ms
