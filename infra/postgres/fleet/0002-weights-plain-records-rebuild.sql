-- Weights in DNS answers, plain records of the zones, moments that lie in a gap, telemetry that is written once whatever becomes of the answer, and
-- a history that is not dropped while it is made anew.

-- The weight of a node's VIPs in DNS answers, as it is now.
create table fleet_model.node_weight (
    node text primary key,
    weight int not null,
    revision bigint not null,
    at timestamptz not null);

-- '' in service: a plain record of the zone. A record has a weight of its own, or that of a node, or none.
alter table fleet_model.gslb_record add weight int, add node text, add site text;

create or replace view fleet.gslb_record as
    select g.name, g.type, g.data, g.ttl_seconds, nullif(g.service, '') as service, g.revision, g.at as since,
           coalesce(g.weight, greatest(w.weight, 1)) as weight, g.site
    from fleet_model.gslb_record g left join fleet_model.node_weight w on w.node = g.node;

create or replace view fleet.node as
    select h.name, h.state, h.presence, h.intent, h.suspected, h.site, h.domain, h.segment, h.capacity_bps, h.connections_max, h.witnesses,
           h.dns_address, h.api_address, h.from_revision as revision, h.from_at as since, w.weight
    from fleet.node_history h left join fleet_model.node_weight w on w.node = h.name where h.to_revision is null;

-- The revision that a moment belongs to: the newest whose time, made to never go back, is not later. Null before the history here begins, and after
-- the last revision before a gap until the end of the gap: what was so then is not known.
create or replace function fleet.revision_at(moment timestamptz) returns bigint
language sql stable security definer set search_path = fleet_model, pg_temp as $$
    select case when e.effective_at < moment and exists (select from fleet_model.gap g where g.from_revision = e.revision + 1) then null
                else e.revision end
    from fleet_model.entry e where e.effective_at <= moment order by e.effective_at desc, e.revision desc limit 1
$$;

-- Who has written telemetry, and up to which of its own batches: one that is sent again, because nobody knows whether it arrived, is not added twice.
create table fleet_model.telemetry_writer (
    writer uuid primary key,
    batch bigint not null,
    written_at timestamptz not null default now());

-- As before; it does nothing while somebody makes the history anew, who reads what would be dropped.
create or replace function fleet_model.drop_history(before timestamptz) returns bigint
language plpgsql security definer set search_path = fleet_model, pg_temp as $$
declare
    base bigint;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('fleet_model.history', 0)) then
        return 0;
    end if;
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
