# Coordinators need no majority of their own: the store has it.
coordinators 3
nodes 4
service web vips 12
    Service web has 12 VIPs and 2 backends.
form
    4 nodes up, 12 VIPs served.
show coordinators
    coordinator-1  leads term 1
    coordinator-2  does not lead
    coordinator-3  does not lead
kill coordinator-1
kill coordinator-2
run 4s
show coordinators
    coordinator-1  is dead
    coordinator-2  is dead
    coordinator-3  leads term 2
kill adc-4
run 1s
show owners
    adc-1  up, taking its share: owns 4, serves 4
    adc-2  up, taking its share: owns 4, serves 4
    adc-3  up, taking its share: owns 4, serves 4
    adc-4  down, taking its share: owns 0, serves 0
start adc-4
# The last one dies too, and nobody gives anything up.
run 5s
kill the-leader
show coordinators
    coordinator-1  is dead
    coordinator-2  is dead
    coordinator-3  is dead
run 5s
show owners
    adc-1  up, taking its share: owns 3, serves 3
    adc-2  up, taking its share: owns 3, serves 3
    adc-3  up, taking its share: owns 3, serves 3
    adc-4  up, taking its share: owns 3, serves 3
show leader
    nobody answers as a leader
start coordinator
wait until well
    All is well, within a second.
show map
    term 3; all have the newest map
