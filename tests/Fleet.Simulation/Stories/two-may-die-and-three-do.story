# The fleet is made so that any two nodes may die at once. Three do.
nodes 8
protect 2 nodes
service web vips 40
    Service web has 40 VIPs and 2 backends.
form
    8 nodes up, 40 VIPs served.
show shares
    8 nodes  up, taking its share: owns 5, serves 5
kill adc-2
kill adc-4
kill adc-6
run 1s
# Room is promised for two, and a VIP has two standbys. That is no reason to leave anything dark: what has no standby left goes where there is room.
# Five witnesses each are enough to prove three dead at once.
show shares
    5 nodes  up, taking its share: owns 8, serves 8
    3 nodes  down, taking its share: owns 0, serves 0
show outage
    some VIP was dark, for less than 600 ms
start adc-2
start adc-4
start adc-6
wait until well
    All is well, within 5 s.
show shares
    8 nodes  up, taking its share: owns 5, serves 5
show outage
    no VIP was dark for 20 ms
