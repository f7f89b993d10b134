-- The history of one fleet, and who may write it: fleet.coordinator.store = postgres. One fleet for each database. Needs PostgreSQL 14.

-- Who leads. Whoever holds the advisory lock may write here; every write of the journal compares the term with this row in its own transaction.
create table fleet_store.leader (
    single boolean primary key default true check (single),
    term bigint not null,
    holder text,
    backend_pid int,
    resigned boolean not null,
    since timestamptz
);
comment on column fleet_store.leader.term is 'The highest that was ever given.';
comment on column fleet_store.leader.holder is 'Its name and addresses, as JSON.';
comment on column fleet_store.leader.backend_pid is 'The session of the leader. It leads while that session holds the lock.';
comment on column fleet_store.leader.resigned is 'It has given the leadership back itself: whoever comes next need not wait until nothing more can be acknowledged.';
insert into fleet_store.leader (term, resigned) values (0, true);

-- The lock of the leader: 1179403589 is FLEE in ASCII.
create view fleet_store.lock_holder as
    select pid from pg_locks
    where locktype = 'advisory' and classid = 1179403589 and objid = 1 and objsubid = 2 and granted
        and database = (select oid from pg_database where datname = current_database());

-- Written with every question whether a leader still stands, where there is synchronous replication: a primary that was replaced cannot answer then.
create table fleet_store.question (
    single boolean primary key default true check (single),
    asked bigint not null
) with (fillfactor = 10);
insert into fleet_store.question (asked) values (0);

-- Not compressed: a failover waits for it, and disks are cheap.
create table fleet_store.journal (
    revision bigint primary key,
    term bigint not null,
    entry text not null
);
alter table fleet_store.journal alter column entry set storage external;

create table fleet_store.snapshot (
    id bigint generated always as identity primary key,
    revision bigint not null,
    term bigint not null,
    state bytea not null,
    complete boolean not null default false,
    saved_at timestamptz not null default now()
);
alter table fleet_store.snapshot alter column state set storage external;
comment on column fleet_store.snapshot.complete is 'False while it is being written, and for ever when its writer no longer led by then.';
