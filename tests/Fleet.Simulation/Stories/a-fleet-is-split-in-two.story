# Six nodes in two rooms, the coordinator in one of them; every VIP may lie anywhere. Suddenly neither room hears the other.
nodes 6
sites here there
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    6 nodes up, 12 VIPs served.
show witnesses
    adc-1  is witnessed by adc-2, adc-3, adc-4
    adc-2  is witnessed by adc-1, adc-3, adc-4
    adc-3  is witnessed by adc-1, adc-2, adc-4
    adc-4  is witnessed by adc-1, adc-2, adc-3
    adc-5  is witnessed by adc-1, adc-2, adc-3
    adc-6  is witnessed by adc-1, adc-2, adc-3
cut site there
run 410ms
# Nobody counts nodes to find a majority. A node keeps its lease while the coordinator or enough of its witnesses hear it. Those over there have not
# enough of theirs with them: they let go.
show owners
    adc-1  up, taking its share: owns 2, serves 2
    adc-2  up, taking its share: owns 2, serves 0 (!)
    adc-3  up, taking its share: owns 2, serves 2
    adc-4  up, taking its share: owns 2, serves 0 (!)
    adc-5  up, taking its share: owns 2, serves 2
    adc-6  up, taking its share: owns 2, serves 0 (!)
# A moment later that is proven, and their VIPs move.
run 590ms
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  down, taking its share: owns 0, serves 0
    adc-5  up, taking its share: owns 3, serves 3
    adc-6  down, taking its share: owns 0, serves 0
show outage
    some VIP was dark, for less than 150 ms
run 10s
# Each room answers DNS by what it knows. The other one has the last map, and no way to a newer one.
show answers
    adc-1, adc-3, adc-5: web is answered with 12 VIPs of here
    adc-2, adc-4, adc-6: web is answered with 2 VIPs of adc-1 and 2 VIPs of adc-2 and 2 VIPs of adc-3 and 2 VIPs of adc-4 and 2 VIPs of adc-5 and 2 VIPs of adc-6
show events about is lost
    Node adc-2 is lost.
    Node adc-4 is lost.
    Node adc-6 is lost.
# The split ends. What came back is held for 30 seconds, as any site that was out, and what was moved is spread anew by plan. At no moment had a VIP
# two owners: every story is looked at for that, after every event.
heal
wait until well
    All is well, within two minutes.
show owners
    adc-1  up, taking its share: owns 2, serves 2
    adc-2  up, taking its share: owns 2, serves 2
    adc-3  up, taking its share: owns 2, serves 2
    adc-4  up, taking its share: owns 2, serves 2
    adc-5  up, taking its share: owns 2, serves 2
    adc-6  up, taking its share: owns 2, serves 2
show outage
    no VIP was dark for 20 ms
