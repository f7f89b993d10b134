# A lease alone serves nobody. The data plane's process dies, another is there at once, and the host gives it none of its addresses: the agent lives, is
# heard, and says with every heartbeat what it cannot hold.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
binds-fail adc-3 30s
kill-relay adc-3
run 700ms
# For half a second it may try. Then DNS leaves its VIPs out.
show answers
    adc-1, adc-2, adc-3, adc-4: web is answered with 3 VIPs of adc-1 and 3 VIPs of adc-2 and 3 VIPs of adc-4
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 0 (!)
    adc-4  up, taking its share: owns 3, serves 3
# After a second they go to their standbys. Nothing is waited for: nobody is served there. Their owner lets go and says so first, as ever.
run 900ms
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
show answers
    adc-1, adc-2, adc-3, adc-4: web is answered with 4 VIPs of adc-1 and 4 VIPs of adc-2 and 4 VIPs of adc-4
show outage
    some VIP was dark for 1.1 s
show events
    3 VIP(s) are not served, their owners cannot hold them: 10.0.1.47, 10.0.1.51, 10.0.1.55.
    3 VIP(s) are to move, their owners cannot hold them: 10.0.1.47 to adc-1, 10.0.1.51 to adc-2, 10.0.1.55 to adc-4.
    3 VIP(s) are let go of: 10.0.1.47, 10.0.1.51, 10.0.1.55.
    3 VIP(s) go to adc-1 (1), adc-2 (1), adc-4 (1).
# Ten seconds later it is tried with one VIP, which is served nowhere for a little more than a second; the next try comes twenty seconds after that.
run 13s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 4, serves 4
show outage
    some VIP was dark for 1.0 s
show events about cannot hold
    1 VIP(s) are to move, their owners cannot hold them: 10.0.1.53 to adc-4.
# Its host gives it addresses again. It is tried with one VIP, serves it, and gets the others.
run 30s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    no VIP was dark for 20 ms
show events about cannot hold
    nothing
wait until well
    All is well, at once.
