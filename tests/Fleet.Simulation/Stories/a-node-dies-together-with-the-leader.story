# Whoever could find the loss is gone too: its VIPs are back when the next leader leads and has found it.
coordinators 3
nodes 5
service web vips 20
    Service web has 20 VIPs and 2 backends.
form
    5 nodes up, 20 VIPs served.
kill the-leader
kill adc-2
run 1500ms
show events
    c2 leads term 2.
    Node adc-2 is lost.
    4 VIP(s) go to adc-1 (1), adc-3 (1), adc-4 (1), adc-5 (1).
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
    adc-5  up, taking its share: owns 5, serves 5
show outage
    some VIP was dark for 0.8 s
start adc-2
start coordinator
wait until well
    All is well, within a second.
