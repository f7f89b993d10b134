using System.Collections.Immutable;
using Fleet.Coordinator.Planning;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.State;

/// <summary>Who is connected, and what has been observed of whom. Each connection is one node's; a node speaks on its newest.</summary>
public sealed class Roster(Instant began)
{
    private readonly Dictionary<long, NodeName> nodes = [];
    private readonly DemandBook demand = new();
    private long inquests;
    private Instant calmUntil = Instant.Never;
    private ImmutableSortedDictionary<NodeName, NodeEntry>? calmNodes;
    private LeaseTerms? calmLease;

    private Instant stepped = began;

    public Observed Observed { get; private set; } = new() { Began = began, Awake = began };

    public NodeName? NodeAt(long connection) => nodes.TryGetValue(connection, out var node) ? node : null;

    public bool IsOpen(long connection) => nodes.ContainsKey(connection);

    /// <summary>Whoever runs takes a step with every tick: one that comes very late says that the leader was stopped.</summary>
    public void Step(LeaseTerms lease, Instant now)
    {
        if (now - stepped > lease.DurationAndMargin)
            Observed = Observed with { Awake = now };
        stepped = now;
    }

    /// <summary>Somebody else has this name and is alive: two agents with one name would serve the same VIPs.</summary>
    public bool IsTaken(NodeName name, string incarnation, LeaseTerms lease, Instant now)
    {
        var node = Observed.Of(name);
        return node.Connection is not null && node.Incarnation != incarnation && now - node.LastHeard < lease.Heartbeat * 3;
    }

    /// <summary>Returns the connection that this one replaces.</summary>
    public long? Join(NodeName name, long connection, Up.Hello hello, Instant now)
    {
        var old = Observed.Of(name).Connection;
        if (old is { } replaced)
            nodes.Remove(replaced);
        nodes[connection] = name;
        Observed = Observed.With(name, n => n with
        {
            Connection = connection,
            Facts = hello.Facts,
            LastHeard = now,
            FirstHeard = n.FirstHeard > Instant.Never ? n.FirstHeard : now,
            Incarnation = hello.Incarnation,
            Applied = MapVersion.None,
            Missing = [],
            Verdicts = ImmutableSortedDictionary<BackendKey, Verdict>.Empty,
            SaidGoodbye = false,
            Inquest = null,
        });
        Observed = Observed with { Feedback = Observed.Feedback.Without(name) };
        return old;
    }

    /// <summary>Returns whether the heartbeat says anything new, but for the map it works by: that matters to whoever waits for it.</summary>
    public bool Beat(NodeName name, Up.Heartbeat beat, FleetMap map, Instant now)
    {
        var before = Observed.Of(name);
        if (beat.Load is not null)
            Observed = Observed with { Untold = Observed.Untold.SetItems(demand.Hear(map, before.Load, beat.Load, now).Select(d => KeyValuePair.Create(d.Vip, d))) };
        if (beat.Feedback is { } feedback)
            Observed = Observed with { Feedback = Observed.Feedback.Hear(name, feedback) };
        Observed = Observed.With(name, n => n with
        {
            LastHeard = now,
            Applied = beat.Applied,
            Missing = beat.Missing,
            Busy = beat.Busy,
            Verdicts = n.Verdicts.SetItems(beat.Verdicts),
            Load = beat.Load is null ? n.Load : n.Load.Next(now, beat.Load),
            Inquest = null,
        });
        return beat.Verdicts.Count > 0 || !before.Missing.SequenceEqual(beat.Missing)
            || (before.Busy.Count > 0 && beat.Busy.Count == 0);
    }

    public bool Testify(NodeName watcher, Up.Testimony testimony, Instant now)
    {
        if (Observed.Of(testimony.Node).Inquest is not { } inquest || inquest.Id != testimony.Inquiry)
            return false;
        var silent = TimeSpan.FromMicroseconds(Math.Clamp(testimony.SilentMicros, 0, 1_000_000_000_000));
        Observed = Observed.With(testimony.Node, n => n with { Inquest = inquest.Hear(watcher, silent, now) });
        return true;
    }

    public void SayGoodbye(NodeName name) => Observed = Observed.With(name, n => n with { SaidGoodbye = true });

    public void Part(long connection)
    {
        if (nodes.Remove(connection, out var name) && Observed.Of(name).Connection == connection)
            Observed = Observed.With(name, n => n with { Connection = null });
    }

    /// <summary>Returns the connection of the forgotten, if it is open.</summary>
    public long? Forget(NodeName name)
    {
        var connection = Observed.Of(name).Connection;
        if (connection is { } open)
            nodes.Remove(open);
        Observed = Observed.Without(name);
        return connection;
    }

    public void CountLoss(NodeName name, Instant now) => Observed = Observed.With(name, n => FlapDamping.CountLoss(n, now));

    public void CountReturn(NodeName name, Instant now) => Observed = Observed.With(name, n => FlapDamping.CountReturn(n, now));

    public void LookAtSites(FleetMap parent, FleetState state, Instant now) =>
        Observed = Observed with { SiteSince = SiteSight.Follow(Observed.SiteSince, parent, state, now) };

    public void LookAtLoads(FleetState state, Instant now) => Observed = Observed with { Overflow = Observed.Overflow.Next(state, Observed, now) };

    public void CountSilence(FleetEvent.NodesSilent silent, long revision) =>
        Observed = silent.Nodes.Aggregate(Observed, (seen, name) => seen.With(name, n => n with { SilentAt = revision }));

    /// <summary>The map says what these ask for.</summary>
    public void Told(FleetEvent.DemandMeasured told, Instant now) => Observed = Observed with { Untold = Observed.Untold.RemoveRange(told.Vips.Select(v => v.Vip)), ToldAt = now };

    /// <summary>Everything has been settled, and nothing was worth telling.</summary>
    public void Weighed(Instant now)
    {
        if (now - Observed.Feedback.ToldAt >= FeedbackTelling.Period)
            Observed = Observed with { Feedback = Observed.Feedback.Weighed() };
    }

    public void Told(FleetEvent.FeedbackSet told, Instant now) => Observed = Observed with { Feedback = Observed.Feedback.Told(now) };

    /// <summary>This is the plan to follow from now on.</summary>
    public void Follow(PreparedPlan? plan) => Observed = Observed with { Plan = plan };

    /// <summary>Remembers since when each VIP is in its phase, looking at the touched alone, and lets go of what is disputed no more.</summary>
    public void Notice(FleetMap parent, FleetMap map, IReadOnlyCollection<VipAddress> touched, Instant now)
    {
        var phases = Observed.PhaseSince.ToBuilder();
        foreach (var address in touched)
        {
            if (!map.Vips.TryGetValue(address, out var vip))
            {
                phases.Remove(address);
                demand.Forget(address);
            }
            else if (!parent.Vips.TryGetValue(address, out var old) || old.Since != vip.Since)
                phases[address] = now;
        }

        Observed = Observed with { PhaseSince = phases.ToImmutable() };
        if (!ReferenceEquals(parent.Services, map.Services))
            Observed = Observed with { Words = Observed.Words.DisputeAll(), Feedback = Observed.Feedback.WeighAll() };
    }

    /// <summary>What all say of a backend and the map says too needs no looking at until somebody says something else.</summary>
    public void Agree(FleetMap map)
    {
        if (!Observed.Words.Disputed.IsEmpty)
            Observed = Observed with { Words = Observed.Words.Settle(backend => Observed.AllSay(backend, map)) };
    }

    /// <summary>
    /// Opens an inquest on every node that is suspect, asks anew while it has not been proven, and closes it when the node is heard again.
    /// </summary>
    public IEnumerable<(long Connection, Down.Inquiry Question)> Inquire(FleetState state, Instant now)
    {
        foreach (var name in Suspects(state, state.LongestLease, now))
        {
            var node = Observed.Of(name);
            if (node.Inquest is { } open && !open.IsDueAgain(now))
                continue;
            var sets = state.WatcherSets.GetValueOrDefault(name, []);
            var inquest = Inquest.Open(++inquests, now, sets, node.Inquest);
            Observed = Observed.With(name, n => n with { Inquest = inquest });
            var watchers = sets.SelectMany(set => set.Watchers).Distinct();
            foreach (var connection in watchers.Select(w => Observed.Of(w).Connection).OfType<long>())
                yield return (connection, new Down.Inquiry(inquest.Id, name));
        }
    }

    /// <summary>
    /// The nodes that are up in the map and silent for too long. This is asked with every message: until the moment at which the next node can be so at the earliest, only
    /// those are looked at that are known to be.
    /// </summary>
    private NodeName[] Suspects(FleetState state, LeaseTerms lease, Instant now)
    {
        var up = state.Map.Nodes.Values.Where(n => n.Presence == NodePresence.Up);
        if (now < calmUntil && ReferenceEquals(calmNodes, state.Map.Nodes) && calmLease == lease)
        {
            return Observed.Uneasy.IsEmpty ? [] : [.. Observed.Uneasy.Where(n =>
                state.Map.Nodes.GetValueOrDefault(n) is { Presence: NodePresence.Up } && LivenessRule.IsSuspect(Observed.Of(n), lease, now))];
        }

        var silent = up.ToLookup(n => LivenessRule.IsSuspect(Observed.Of(n.Name), lease, now), n => n.Name);
        (calmNodes, calmLease) = (state.Map.Nodes, lease);
        calmUntil = silent[false].Select(n => Observed.Of(n).LastHeard + lease.DurationAndMargin).DefaultIfEmpty(Instant.Forever).Min();
        return [.. silent[true]];
    }
}
