# Services and no nodes: what operators say is kept, across a restart of the coordinator, until there is somebody to do it.
nodes 0
service web vips 6
    Service web has 6 VIPs and 2 backends.
service longer vips 6
    Service longer has 6 VIPs and 2 backends.
remove web
    Service web is removed.
drain adc-1
    refused: There is no node adc-1; the fleet has none.
kill coordinator
run 1s
start coordinator
run 5s
show events
    c1 leads term 1.
    Service web has 6 VIPs and 2 backends.
    Service longer has 6 VIPs and 2 backends.
    Service web is gone.
    c1 leads term 2.
join adc-1 and 2 more
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 2, serves 2
    adc-2  up, taking its share: owns 2, serves 2
    adc-3  up, taking its share: owns 2, serves 2
