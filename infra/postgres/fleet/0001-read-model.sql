-- The read model. What automation reads are the views and functions of schema fleet: docs/SQL.md is their contract. The tables are private.

create schema fleet_model;
comment on schema fleet_model is 'Private tables of the read model. They change without notice: read the views of schema fleet.';

-- Up to which revision of the fleet's journal these tables are. One row; whoever writes compares and moves it in the same transaction.
create table fleet_model.position (
    one boolean primary key default true check (one),
    cluster text not null,
    revision bigint not null,
    term bigint not null,
    effective_at timestamptz not null,
    written_at timestamptz not null default now());

-- The journal: one row for each entry, and one for each event in it.
create table fleet_model.entry (
    revision bigint primary key,
    term bigint not null,
    at timestamptz not null,
    -- The same, and never earlier than an entry before: clocks of leaders differ.
    effective_at timestamptz not null,
    by_name text not null,
    by_proof text not null,
    by_address text);
create index on fleet_model.entry (effective_at, revision);
create index on fleet_model.entry (at);

create table fleet_model.event (
    revision bigint not null,
    ordinal int not null,
    who text not null,
    what text not null,
    subject text[] not null,
    why text,
    sentence text not null,
    detail jsonb not null,
    primary key (revision, ordinal));
create index on fleet_model.event using gin (subject);
create index on fleet_model.event (what, revision);

-- Revisions that are not here, because the store had dropped them before they were read.
create table fleet_model.gap (
    from_revision bigint primary key,
    to_revision bigint not null,
    noticed_at timestamptz not null default now());

-- The folded state at a revision, from which folding goes on after a restart. Those that are kept begin a rebuild.
create table fleet_model.checkpoint (
    revision bigint primary key,
    kept boolean not null,
    saved_at timestamptz not null default now(),
    state json not null);

-- One row for each stretch of revisions in which nothing about the VIP or node changed: [from_revision, to_revision).
create table fleet_model.vip (
    address inet not null,
    from_revision bigint not null,
    to_revision bigint,
    from_at timestamptz not null,
    to_at timestamptz,
    service text not null,
    site text,
    owner text,
    successor text,
    standbys text[] not null,
    phase text not null,
    reason text not null,
    since_revision bigint not null,
    demand_bps bigint not null,
    demand_cps bigint not null,
    primary key (address, from_revision));
create unique index on fleet_model.vip (address) where to_revision is null;
create index on fleet_model.vip (owner) where to_revision is null;
create index on fleet_model.vip (to_revision);

create table fleet_model.node (
    name text not null,
    from_revision bigint not null,
    to_revision bigint,
    from_at timestamptz not null,
    to_at timestamptz,
    state text not null,
    presence text not null,
    intent text not null,
    suspected boolean not null,
    site text not null,
    domain text not null,
    segment text,
    capacity_bps bigint not null,
    connections_max int not null,
    witnesses text[] not null,
    dns_address text not null,
    api_address text not null,
    primary key (name, from_revision));
create unique index on fleet_model.node (name) where to_revision is null;
create index on fleet_model.node (to_revision);

-- As it is now.
create table fleet_model.service (
    name text primary key,
    revision bigint not null,
    at timestamptz not null,
    dns_name text,
    ttl_seconds int,
    answer text not null,
    site text,
    segment text,
    vips int not null,
    backends int not null,
    balance text not null,
    all_down text not null,
    demand_bps bigint not null,
    demand_cps bigint not null,
    drain_timeout_ms int not null,
    definition jsonb not null);

create table fleet_model.backend (
    service text not null,
    name text not null,
    revision bigint not null,
    at timestamptz not null,
    address inet not null,
    port int not null,
    site text,
    weight int not null,
    verdict text not null,
    feedback_percent int,
    primary key (service, name));

create table fleet_model.gslb_record (
    service text not null,
    name text not null,
    type text not null,
    data text not null,
    ttl_seconds int not null,
    revision bigint not null,
    at timestamptz not null,
    primary key (service, name, type, data));

-- One row for each time a VIP went from one node to another, or was to.
create table fleet_model.plan_move (
    vip inet not null,
    began_revision bigint not null,
    began_at timestamptz not null,
    service text not null,
    from_node text,
    to_node text not null,
    reason text not null,
    planned boolean not null,
    ended_revision bigint,
    ended_at timestamptz,
    outcome text not null,
    primary key (vip, began_revision, planned));
create unique index on fleet_model.plan_move (vip) where ended_revision is null;
create index on fleet_model.plan_move (began_at);

-- What the leader sees beside its journal.
create table fleet_model.protection (
    revision bigint primary key,
    at timestamptz not null,
    holds boolean not null,
    nodes int not null,
    domains int not null,
    utilisation_max double precision not null,
    method text not null,
    worst_failed text[] not null,
    worst_node text,
    worst_utilisation double precision,
    excess_bps bigint not null,
    sentence text not null);

create table fleet_model.telemetry (
    minute timestamptz not null,
    node text not null,
    -- '' in the row of the whole node.
    vip text not null,
    service text,
    seconds real not null,
    bytes_in bigint not null,
    bytes_out bigint not null,
    connections bigint not null,
    requests bigint not null,
    active_max bigint not null,
    bps_max double precision not null,
    primary key (minute, node, vip)) partition by range (minute);

-- Makes the partitions of a day and of the next, and drops those that are over; times are UTC.
create function fleet_model.roll_telemetry(today date, keep interval) returns void
language plpgsql security definer set search_path = fleet_model, pg_temp as $$
declare
    day date;
    part record;
begin
    foreach day in array array[today, today + 1] loop
        if to_regclass(format('fleet_model.telemetry_%s', to_char(day, 'YYYYMMDD'))) is null then
            execute format('create table fleet_model.telemetry_%s partition of fleet_model.telemetry for values from (%L) to (%L)',
                to_char(day, 'YYYYMMDD'), day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
        end if;
    end loop;
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'fleet_model.telemetry'::regclass
          and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= (today::timestamp - keep)::date
    loop
        execute format('drop table fleet_model.%I', part.relname);
    end loop;
end $$;

-- Drops what happened before a moment, up to the newest kept checkpoint before it, so that what is left can be folded again. What is so now stays.
create function fleet_model.drop_history(before timestamptz) returns bigint
language plpgsql security definer set search_path = fleet_model, pg_temp as $$
declare
    base bigint;
begin
    select max(c.revision) into base from checkpoint c join entry e using (revision) where c.kept and e.effective_at < before;
    if base is null then
        return 0;
    end if;
    delete from event where revision < base;
    delete from entry where revision < base;
    delete from gap where to_revision < base;
    delete from checkpoint where revision < base;
    delete from vip where to_revision <= base;
    delete from node where to_revision <= base;
    delete from plan_move where ended_revision < base;
    delete from protection where revision < base;
    return base;
end $$;
revoke all on function fleet_model.drop_history(timestamptz) from public;

-- The contract: docs/SQL.md.
create view fleet.position as
    select p.cluster, p.revision, p.term, p.effective_at as at, p.written_at from fleet_model.position p;

create view fleet.event as
    select e.revision, e.ordinal, j.term, j.at, j.effective_at, e.who, e.what, e.subject, e.why, e.sentence, e.detail
    from fleet_model.event e join fleet_model.entry j using (revision);

create view fleet.gap as
    select g.from_revision, g.to_revision, g.noticed_at from fleet_model.gap g;

create view fleet.vip_history as
    select v.address, v.service, v.site, v.owner, v.successor, v.standbys, v.phase, v.reason, v.since_revision as revision, b.from_at as since,
           v.demand_bps, v.demand_cps, v.from_revision, v.to_revision, v.from_at, v.to_at
    from fleet_model.vip v left join fleet_model.vip b on b.address = v.address and b.from_revision = v.since_revision;

create view fleet.vip as
    select h.address, h.service, h.site, h.owner, h.successor, h.standbys, h.phase, h.reason, h.revision, h.since, h.demand_bps, h.demand_cps
    from fleet.vip_history h where h.to_revision is null;

create view fleet.node_history as
    select n.name, n.state, n.presence, n.intent, n.suspected, n.site, n.domain, n.segment, n.capacity_bps, n.connections_max, n.witnesses,
           n.dns_address, n.api_address, n.from_revision, n.to_revision, n.from_at, n.to_at
    from fleet_model.node n;

create view fleet.node as
    select h.name, h.state, h.presence, h.intent, h.suspected, h.site, h.domain, h.segment, h.capacity_bps, h.connections_max, h.witnesses,
           h.dns_address, h.api_address, h.from_revision as revision, h.from_at as since
    from fleet.node_history h where h.to_revision is null;

create view fleet.service as
    select s.name, s.dns_name, s.ttl_seconds, s.answer, s.site, s.segment, s.vips, s.backends, s.balance, s.all_down, s.demand_bps, s.demand_cps,
           s.drain_timeout_ms, s.definition, s.revision, s.at as since
    from fleet_model.service s;

create view fleet.backend as
    select b.service, b.name, b.address, b.port, b.site, b.weight, b.verdict, b.feedback_percent, b.revision, b.at as since
    from fleet_model.backend b;

create view fleet.gslb_record as
    select g.name, g.type, g.data, g.ttl_seconds, g.service, g.revision, g.at as since from fleet_model.gslb_record g;

create view fleet.plan_move as
    select m.vip, m.service, m.from_node, m.to_node, m.reason, m.planned, m.outcome, m.began_revision, m.began_at, m.ended_revision, m.ended_at
    from fleet_model.plan_move m;

create view fleet.protection as
    select p.revision, p.at, p.holds, p.nodes, p.domains, p.utilisation_max, p.method, p.worst_failed, p.worst_node, p.worst_utilisation,
           p.excess_bps, p.sentence
    from fleet_model.protection p;

create view fleet.telemetry as
    select t.minute, t.node, nullif(t.vip, '')::inet as vip, t.service, t.seconds, t.bytes_in, t.bytes_out, t.connections, t.requests, t.active_max,
           (t.bytes_in + t.bytes_out) * 8 / nullif(t.seconds, 0)::double precision as bps, t.bps_max
    from fleet_model.telemetry t;

-- The revision that a moment belongs to: the newest whose time, made to never go back, is not later. Null before the history here begins.
create function fleet.revision_at(moment timestamptz) returns bigint
language sql stable security definer set search_path = fleet_model, pg_temp as $$
    select e.revision from fleet_model.entry e where e.effective_at <= moment order by e.effective_at desc, e.revision desc limit 1
$$;

create function fleet.vip_at(moment timestamptz)
returns table (address inet, service text, site text, owner text, successor text, standbys text[], phase text, reason text, revision bigint,
    since timestamptz)
language sql stable security definer set search_path = fleet_model, pg_temp as $$
    with now_at as materialized (select fleet.revision_at(moment) as r)
    select h.address, h.service, h.site, h.owner, h.successor, h.standbys, h.phase, h.reason, h.revision, h.since
    from fleet.vip_history h, now_at
    where h.from_revision <= now_at.r and (h.to_revision is null or h.to_revision > now_at.r)
    order by h.address
$$;

create function fleet.node_at(moment timestamptz)
returns table (name text, state text, presence text, intent text, suspected boolean, site text, domain text, segment text, capacity_bps bigint,
    revision bigint, since timestamptz)
language sql stable security definer set search_path = fleet_model, pg_temp as $$
    with now_at as materialized (select fleet.revision_at(moment) as r)
    select h.name, h.state, h.presence, h.intent, h.suspected, h.site, h.domain, h.segment, h.capacity_bps, h.from_revision, h.from_at
    from fleet.node_history h, now_at
    where h.from_revision <= now_at.r and (h.to_revision is null or h.to_revision > now_at.r)
    order by h.name
$$;

revoke all on function fleet_model.roll_telemetry(date, interval) from public;

-- A role for those who read. Whoever migrates may lack the right to make one: then an administrator does, and the rest goes on.
do $$
begin
    if not exists (select from pg_roles where rolname = 'fleet_reader') then
        create role fleet_reader nologin;
    end if;
exception when insufficient_privilege then
    raise warning 'Role fleet_reader is not there, and % may not create it. Let an administrator run: create role fleet_reader nologin; '
        'grant usage on schema fleet to fleet_reader; grant select on all tables in schema fleet to fleet_reader;', current_user;
end $$;

do $$
begin
    if exists (select from pg_roles where rolname = 'fleet_reader') then
        grant usage on schema fleet to fleet_reader;
        grant select on all tables in schema fleet to fleet_reader;
    end if;
end $$;
