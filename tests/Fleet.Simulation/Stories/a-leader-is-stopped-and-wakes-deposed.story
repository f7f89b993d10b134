# The leader stands still for three seconds. A standby hears nothing of it and leads; when the old one goes on, its time is over by its own clock: it
# says nothing to anybody, finds in the store that it was deposed, and ends.
coordinators 3
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
pause the-leader 3s
run 1s
show coordinators
    coordinator-1  stands still
    coordinator-2  leads term 2
    coordinator-3  does not lead
kill adc-4
run 1s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  down, taking its share: owns 0, serves 0
run 1500ms
show coordinators
    coordinator-1  is dead
    coordinator-2  leads term 2
    coordinator-3  does not lead
run 2s
show coordinators
    coordinator-1  does not lead
    coordinator-2  leads term 2
    coordinator-3  does not lead
start adc-4
wait until well
    All is well, within a second.
show events
    c2 leads term 2.
    Node adc-4 is lost.
    3 VIP(s) go to adc-1 (1), adc-3 (2).
    1 VIP(s) are to move by plan: 10.0.1.56 to adc-2.
    1 VIP(s) are let go of: 10.0.1.56.
    1 VIP(s) go to adc-2 (1).
    Node adc-4 is back.
    1 VIP(s) are to move by plan: 10.0.1.53 to adc-4.
    1 VIP(s) are let go of: 10.0.1.53.
    1 VIP(s) go to adc-4 (1).
    1 VIP(s) are to move by plan: 10.0.1.55 to adc-4.
    1 VIP(s) are let go of: 10.0.1.55.
    1 VIP(s) go to adc-4 (1).
    1 VIP(s) are to move by plan: 10.0.1.56 to adc-4.
    1 VIP(s) are let go of: 10.0.1.56.
    1 VIP(s) go to adc-4 (1).
