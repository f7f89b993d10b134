# What cannot be written is not done, and is said not to be done. Who serves goes on.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
disk-full coordinator 10s
service longer vips 4
    refused: Nothing was changed: the journal cannot be written. Could not append entry 21: No space left on device
drain adc-1
    refused: Nothing was changed: the journal cannot be written. Could not append entry 21: No space left on device
# A node dies meanwhile. That it is lost cannot be written either, so its VIPs wait: what nobody remembers could be given away twice.
kill adc-3
run 5s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 0 (!)
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for a millisecond
    3 VIPs dark now
# There is room again: first what is dark, then what operators want.
run 6s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
show outage
    some VIP was dark for 10.0 s
service longer vips 4
    Service longer has 4 VIPs and 2 backends.
run 1s
show events
    Node adc-3 is lost.
    3 VIP(s) go to adc-1 (1), adc-2 (1), adc-4 (1).
    Service longer has 4 VIPs and 2 backends.
    4 VIP(s) go to adc-1 (2), adc-2 (1), adc-4 (1).
