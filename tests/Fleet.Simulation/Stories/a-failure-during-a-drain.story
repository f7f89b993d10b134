# A drained node hands over a tenth of the fleet's VIPs at a time, and dies in the middle of it.
nodes 5
service web vips 40
    Service web has 40 VIPs and 2 backends.
form
    5 nodes up, 40 VIPs served.
drain adc-2
    Node adc-2 is draining.
run 400ms
show owners
    adc-1  up, taking its share: owns 9, serves 9
    adc-2  up, draining: owns 4, serves 4
    adc-3  up, taking its share: owns 9, serves 9
    adc-4  up, taking its share: owns 9, serves 9
    adc-5  up, taking its share: owns 9, serves 9
kill adc-2
run 1s
# What it had handed over is where it was to go. The rest is taken over as from any dead node.
show owners
    adc-1  up, taking its share: owns 10, serves 10
    adc-2  down, draining: owns 0, serves 0
    adc-3  up, taking its share: owns 10, serves 10
    adc-4  up, taking its share: owns 10, serves 10
    adc-5  up, taking its share: owns 10, serves 10
show outage
    some VIP was dark, for less than 600 ms
# It comes back as an operator wanted it, drained, and is given nothing until it is undrained.
start adc-2
wait until well
    All is well, within a second.
show owners
    adc-1  up, taking its share: owns 10, serves 10
    adc-2  up, draining: owns 0, serves 0
    adc-3  up, taking its share: owns 10, serves 10
    adc-4  up, taking its share: owns 10, serves 10
    adc-5  up, taking its share: owns 10, serves 10
undrain adc-2
    Node adc-2 is taking its share.
wait until well
    All is well, within a second.
show owners
    adc-1  up, taking its share: owns 8, serves 8
    adc-2  up, taking its share: owns 8, serves 8
    adc-3  up, taking its share: owns 8, serves 8
    adc-4  up, taking its share: owns 8, serves 8
    adc-5  up, taking its share: owns 8, serves 8
show outage
    no VIP was dark for 20 ms
