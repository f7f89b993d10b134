# Leases are there so that a few missed heartbeats are nothing. Here the agent stands still for 290 ms; the lease, renewed at most 100 ms before,
# goes on in the relay.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
pause-agent adc-3 290ms
run 5s
show outage
    no VIP was dark for a millisecond
show events
    nothing
# With the relay the whole host stands still: nobody is served, but nothing was lost, and nothing is moved.
pause adc-3 290ms
run 5s
show outage
    some VIP was dark, for less than 600 ms
show events
    nothing
# 430 ms are more than the lease and less than lease and margin: it has let go by itself, nobody has taken anything, and it has all of it back when
# it is heard.
pause-agent adc-3 430ms
run 5s
show outage
    some VIP was dark, for less than 150 ms
show events
    nothing
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
