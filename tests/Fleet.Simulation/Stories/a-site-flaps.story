# The line to ams breaks every two seconds for half a minute. Its clients must not be sent to and fro with it.
nodes 6
sites ams fra
service web vips 12 at ams fra
    Service web has 12 VIPs and 2 backends.
form
    6 nodes up, 12 VIPs served.
flap site ams every 2s for 30s
run 1s
show answers at ams
    adc-1, adc-3, adc-5: web is answered with 6 VIPs of ams
    adc-2, adc-4, adc-6: web is answered with 6 VIPs of fra
run 30s
show answers at ams
    adc-1, adc-2, adc-3, adc-4, adc-5, adc-6: web is answered with 6 VIPs of fra
# One change in half a minute of flapping, and one more when it has been well for 30 seconds. Nodes that were lost again and again come back later each
# time, up to a minute.
show events about site
    Out, and answered in DNS only where nothing else can be until well for the hold-down: site ams.
run 65s
show events about site
    Answered in DNS again: site ams.
show answers at ams
    adc-1, adc-2, adc-3, adc-4, adc-5, adc-6: web is answered with 6 VIPs of ams
show outage
    some VIP was dark for 12.1 s
