# The network loses 30 % of all datagrams between nodes. Leases do not notice while there is a coordinator: its acknowledgements come over TCP.
nodes 5
service web vips 20
    Service web has 20 VIPs and 2 backends.
form
    5 nodes up, 20 VIPs served.
lose 0.3
run 10s
show events
    nothing
show outage
    no VIP was dark for a millisecond
# A dead node is found as soon as ever: what is lost of questions and answers is asked again.
kill adc-2
run 1s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
    adc-5  up, taking its share: owns 5, serves 5
show outage
    some VIP was dark, for less than 600 ms
# Without a coordinator leases hang on those datagrams alone. Four probes in a lease, each with two of three witnesses to convince: sometimes none
# succeeds, a lease runs out, and the next answers give it back.
kill coordinator
run 10s
show owners
    adc-1  up, taking its share: owns 5, serves 5
    adc-2  down, taking its share: owns 0, serves 0
    adc-3  up, taking its share: owns 5, serves 5
    adc-4  up, taking its share: owns 5, serves 5
    adc-5  up, taking its share: owns 5, serves 5
show outage
    some VIP was dark, for less than 600 ms
