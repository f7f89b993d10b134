# A lease alone serves nobody. A node is alive, is heard and has its lease, but its host does not give it an address, as when somebody's socket
# there is still closing.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
binds-fail adc-3 800ms
service longer vips 8
    Service longer has 8 VIPs and 2 backends.
run 700ms
# What it could not take it says, so DNS does not answer that; what it serves is not touched.
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 3 (!)
    adc-4  up, taking its share: owns 5, serves 5
show answers
    adc-1, adc-2, adc-3, adc-4: longer is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-4
    adc-1, adc-2, adc-3, adc-4: web is answered with 3 VIPs of adc-1 and 3 VIPs of adc-2 and 3 VIPs of adc-3 and 3 VIPs of adc-4
# It tries again and again. Served is what its owner says it serves, and then DNS answers it.
run 1s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  up, taking its share: owns 5, serves 5
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
show answers
    adc-1, adc-2, adc-3, adc-4: longer is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-3 and 2 VIPs of adc-4
    adc-1, adc-2, adc-3, adc-4: web is answered with 3 VIPs of adc-1 and 3 VIPs of adc-2 and 3 VIPs of adc-3 and 3 VIPs of adc-4
show outage
    no VIP was dark for a millisecond
show moves
    none moved
