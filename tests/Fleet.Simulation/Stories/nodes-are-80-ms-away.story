# Everybody is 80 ms away from everybody: 160 ms there and back, of a lease of 400. No rule may need an answer to be quick.
nodes 4
distance 80ms
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
run 10s
show events
    nothing
show outage
    no VIP was dark for a millisecond
# Distance decides how long a proof takes, never whether there is one: 400 lease + 50 margin + 80 to the witnesses + 2 x 160 there and back + 60 =
# 910 ms.
kill adc-2
run 910ms
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  up, taking its share: owns 4, serves 4
show outage
    some VIP was dark for 0.8 s
# What is moved by plan is dark for as long as it takes to say so: "let go", "I have", "it is yours".
start adc-2
wait until well
    All is well, within 5 s.
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show outage
    some VIP was dark, for less than 600 ms
