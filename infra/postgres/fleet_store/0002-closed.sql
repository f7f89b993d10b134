-- A store can be closed: the fleet has moved to another, and nobody leads in this one any more.
alter table fleet_store.leader add column closed text;
comment on column fleet_store.leader.closed is 'Why nobody may lead here, as JSON; set and taken away by pbm store alone. Null is open.';
