# Ownership does not follow health. With nothing behind them the VIPs stay where they are: they would wander through a fleet that cannot help.
nodes 3
service web vips 6
    Service web has 6 VIPs and 2 backends.
service careless vips 6 serving all when all are down
    Service careless has 6 VIPs and 2 backends.
form
    3 nodes up, 12 VIPs served.
show answers
    adc-1, adc-2, adc-3: careless is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-3
    adc-1, adc-2, adc-3: web is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-3
backends-down b1 to b2 20s
run 10s
show backends
    careless: b1 b2 down
    web: b1 b2 down
# By default a pool fails closed: no answer is better than one that leads nowhere. The other pool has asked to be tried all the same.
show answers
    adc-1, adc-2, adc-3: careless is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-3
    adc-1, adc-2, adc-3: web is not answered
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
show moves
    none moved
run 20s
show backends
    careless: b1 b2 up
    web: b1 b2 up
show answers
    adc-1, adc-2, adc-3: careless is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-3
    adc-1, adc-2, adc-3: web is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-3
