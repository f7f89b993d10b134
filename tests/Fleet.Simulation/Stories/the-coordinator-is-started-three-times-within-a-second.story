# Each start is a term of its own, whatever happened in the one before: orders of two leaders of one term could not be told apart. Nodes go from one
# to the next, and nothing else happens.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
kill coordinator
start coordinator
run 300ms
kill coordinator
start coordinator
run 300ms
kill coordinator
start coordinator
run 5s
show events
    c1 leads term 2.
    c1 leads term 3.
    c1 leads term 4.
show map
    term 4; all have the newest map
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show moves
    none moved
show outage
    no VIP was dark for a millisecond
