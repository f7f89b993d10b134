#!/usr/bin/python3
"""Prints every event of a fleet once, in order, also across restarts: follow_events.py DATABASE STATE-FILE"""
import os, select, sys
import psycopg2, psycopg2.extensions

database, state_file = sys.argv[1:3]
done = int(open(state_file).read()) if os.path.exists(state_file) else 0
connection = psycopg2.connect(database)
connection.set_session(autocommit=True)
cursor = connection.cursor()
cursor.execute("listen fleet_events")  # before the first look, so that nothing falls between
while True:
    # The notification only says that there is something; what there is, and from where, the table says.
    cursor.execute("select revision, ordinal, at, who, what, sentence from fleet.event where revision > %s order by revision, ordinal", [done])
    for revision, ordinal, at, who, what, sentence in cursor.fetchall():
        print(revision, ordinal, at.isoformat(), who, what, sentence, sep="\t", flush=True)  # here: do what is to be done, twice does no harm
        done = revision
    with open(state_file + ".new", "w") as state:  # after the work: killed before, the last events are handled again and none is lost
        state.write(str(done))
    os.replace(state_file + ".new", state_file)
    while not connection.notifies:
        select.select([connection], [], [], 60)
        connection.poll()
    connection.notifies.clear()
