# The coordinator stands still for ten seconds. By its clock everybody was silent for so long, and it must not take its own absence for theirs: no
# event, no move, no other answer in DNS.
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
pause coordinator 10s
run 10s
show events
    nothing
show moves
    none moved
show outage
    no VIP was dark for a millisecond
show map
    term 1; all have the newest map
