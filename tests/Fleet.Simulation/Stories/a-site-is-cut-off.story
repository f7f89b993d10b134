# Two sites, and VIPs that may not leave theirs. The coordinator is in fra; the line to ams breaks.
nodes 6
sites ams fra
service web vips 12 at ams fra
    Service web has 12 VIPs and 2 backends.
form
    6 nodes up, 12 VIPs served.
show witnesses
    adc-1  is witnessed by adc-2, adc-3, adc-4
    adc-2  is witnessed by adc-1, adc-3, adc-4
    adc-3  is witnessed by adc-1, adc-2, adc-4
    adc-4  is witnessed by adc-1, adc-2, adc-3
    adc-5  is witnessed by adc-1, adc-2, adc-3
    adc-6  is witnessed by adc-1, adc-2, adc-3
show answers at ams
    adc-1, adc-2, adc-3, adc-4, adc-5, adc-6: web is answered with 6 VIPs of ams
cut site ams
run 1s
# adc-1 and adc-3 had most of their witnesses in fra and have lost their leases. adc-5 serves on: peers in its own site hear it. From here it cannot
# be told from a dead one.
show owners
    adc-1  down, taking its share: owns 0, serves 0
    adc-2  up, taking its share: owns 2, serves 2
    adc-3  down, taking its share: owns 0, serves 0
    adc-4  up, taking its share: owns 2, serves 2
    adc-5  up but silent, taking its share: owns 2, serves 2
    adc-6  up, taking its share: owns 2, serves 2
    nobody owns 4
# Nothing may take the VIPs of ams, but DNS does not wait: within a second all who are reached send the clients of ams to fra. In ams the last map
# counts, for clients that reach no other.
show answers at ams
    adc-1, adc-3, adc-5: web is answered with 6 VIPs of ams
    adc-2, adc-4, adc-6: web is answered with 6 VIPs of fra
show events about site
    Out, and answered in DNS only where nothing else can be until well for the hold-down: site ams.
run 10s
heal
# The line is back, and its nodes serve. The site is held until it has been well for 30 seconds without a break.
run 10s
show owners
    adc-1  up, taking its share: owns 2, serves 2
    adc-2  up, taking its share: owns 2, serves 2
    adc-3  up, taking its share: owns 2, serves 2
    adc-4  up, taking its share: owns 2, serves 2
    adc-5  up, taking its share: owns 2, serves 2
    adc-6  up, taking its share: owns 2, serves 2
show answers at ams
    adc-1, adc-2, adc-3, adc-4, adc-5, adc-6: web is answered with 6 VIPs of fra
run 25s
show answers at ams
    adc-1, adc-2, adc-3, adc-4, adc-5, adc-6: web is answered with 6 VIPs of ams
show events about site
    Answered in DNS again: site ams.
