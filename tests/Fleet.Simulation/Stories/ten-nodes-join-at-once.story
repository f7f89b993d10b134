# A join storm. One plan is made for all ten, and what has to move moves once: 40 of 56 VIPs, a tenth of them at a time.
nodes 4
service web vips 56
    Service web has 56 VIPs and 2 backends.
form
    4 nodes up, 56 VIPs served.
join adc-5 and 9 more
wait until well
    All is well, within 5 s.
show shares
    14 nodes  up, taking its share: owns 4, serves 4
show moves
    40 from 4 nodes to 10
show outage
    no VIP was dark for 20 ms
