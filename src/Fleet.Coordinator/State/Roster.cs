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
    private readonly Questions questions = new();
    private Instant stepped = began;

    public Observed Observed { get; private set; } = new() { Began = began, Awake = began };

    public void Restore(Observed before) => Observed = before;

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
    public long? Join(NodeName name, long connection, NodeMessage.Hello hello, Instant now)
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
            Known = hello.Applied,
            FedAt = null,
            Missing = [],
            MissingSince = ImmutableSortedDictionary<VipAddress, Instant>.Empty,
            Verdicts = ImmutableSortedDictionary<BackendKey, Verdict>.Empty,
            SaidGoodbye = false,
            LeaseExpiryProof = n.Fence is null ? null : n.LeaseExpiryProof,
        });
        Observed = Observed with { Feedback = Observed.Feedback.Without(name) };
        return old;
    }

    /// <summary>A whole map goes out on that connection.</summary>
    public void Feed(long connection, Instant now)
    {
        if (NodeAt(connection) is { } name)
            Observed = Observed.With(name, n => n with { FedAt = now });
    }

    /// <summary>Its heartbeats are not to be acknowledged.</summary>
    public bool IsFenced(NodeName name) => Observed.Of(name).Fence is not null;

    /// <summary>Fences whoever is due, and asks the witnesses of each.</summary>
    public void FenceDue(FleetState state, Instant now)
    {
        if (state.Vips.Unsettled.IsEmpty)
            return;
        foreach (var (name, revision) in FenceRule.Due(state, Observed, now).ToArray())
            Observed = Observed.With(name, n => n with { Fence = new Fence(n.Granted, revision), LeaseExpiryProof = n.LeaseExpiryProof ?? LeaseExpiryProof.Open(now) });
    }

    /// <summary>Returns whether the heartbeat says anything new, but for the map it works by: that matters to whoever waits for it.</summary>
    public bool Beat(NodeName name, NodeMessage.Heartbeat beat, FleetMap map, Instant now)
    {
        var before = Observed.Of(name);
        if (beat.Load is not null)
            Observed = Observed with { Untold = Observed.Untold.SetItems(demand.Hear(map, before.Load, beat.Load, now).Select(d => KeyValuePair.Create(d.Vip, d))) };
        if (beat.Feedback is { } feedback)
            Observed = Observed with { Feedback = Observed.Feedback.Hear(name, feedback) };
        var known = beat.Known > beat.Applied ? beat.Known : beat.Applied;
        // What fences it, and with that the proof, lasts until it knows the map in question.
        var fence = before.Fence is { } open && known.Revision < open.Revision ? open : null;
        Observed = Observed.With(name, n => HoldFailures.Hear(n, beat.Missing, map, now) with
        {
            LastHeard = now,
            Applied = beat.Applied,
            Known = known,
            LinkRoundTrip = RoundTrip(beat.LinkRoundTripMicros),
            WitnessRoundTrip = RoundTrip(beat.WitnessRoundTripMicros),
            Fence = fence,
            Busy = beat.Busy,
            Problems = beat.Problems ?? [],
            Verdicts = n.Verdicts.SetItems(beat.Verdicts),
            Load = beat.Load is null ? n.Load : n.Load.Next(now, beat.Load),
            LeaseExpiryProof = fence is null ? null : n.LeaseExpiryProof,
        });
        return beat.Verdicts.Count > 0 || !before.Missing.SequenceEqual(beat.Missing)
            || (before.Busy.Count > 0 && beat.Busy.Count == 0);
    }

    /// <summary>Returns whether somebody is proven lost by it.</summary>
    public bool TakeWitnessReply(NodeName witness, NodeMessage.WitnessReply reply, FleetState state, Instant now)
    {
        if (questions.AskedAt(reply.Query) is not { } asked)
            return false;
        var isProof = false;
        foreach (var (name, micros) in reply.Nodes)
        {
            if (Observed.Of(name).LeaseExpiryProof is not { } proof || asked < proof.Since)
                continue;
            var heard = proof.Hear(witness, asked, TimeSpan.FromMicroseconds(Math.Clamp(micros, 0, 1_000_000_000_000)), now);
            if (LivenessRule.IsLost(Observed.Of(name) with { LeaseExpiryProof = heard }, state.WitnessSets.GetValueOrDefault(name, []), state.LongestLease))
                (heard, isProof) = (heard with { ProvenAt = heard.ProvenAt ?? now }, true);
            Observed = Observed.With(name, n => n with { LeaseExpiryProof = heard });
        }

        return isProof;
    }

    /// <summary>Witnesses are being asked.</summary>
    public bool IsQueryingWitnesses => Observed.Uneasy.Any(n => Observed.Of(n).LeaseExpiryProof is not null);

    /// <inheritdoc cref="Questions.CalmUntil"/>
    public Instant CalmUntil => questions.CalmUntil;

    /// <summary>A proven loss is not an entry yet: it waits for others that fail with it.</summary>
    public bool HasProven => Observed.Uneasy.Any(n => Observed.Of(n).LeaseExpiryProof is { ProvenAt: not null });

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

    /// <summary>What the entry tells of what was observed: who was lost and came back, what has been said.</summary>
    public void Remember(JournalEntry entry, Instant now)
    {
        foreach (var happened in entry.Events)
        {
            Observed = happened switch
            {
                FleetEvent.NodeLost e => Observed.With(e.Node, n => FlapDamping.CountLoss(n, now, entry.Revision)),
                FleetEvent.NodeReturned e => Observed.With(e.Node, n => FlapDamping.CountReturn(n, now)),
                FleetEvent.NodeIntended { Intent: NodeIntent.Active } e => Observed.With(e.Node, FlapDamping.Forgive),
                FleetEvent.NodesSuspected e => e.Nodes.Aggregate(Observed, (seen, name) => seen.With(name, n => n with { SuspectedAt = entry.Revision })),
                FleetEvent.DemandMeasured e => Observed with { Untold = Observed.Untold.RemoveRange(e.Vips.Select(v => v.Vip)), ToldAt = now },
                FleetEvent.FeedbackSet => Observed with { Feedback = Observed.Feedback.Told(now) },
                _ => Observed,
            };
        }
    }

    public void LookAtSites(FleetMap parent, FleetState state, Instant now) =>
        Observed = Observed with { SiteSince = SiteObservations.Follow(Observed.SiteSince, parent, state, now) };

    public void LookAtLoads(FleetState state, Instant now) => Observed = Observed with { Overflow = Observed.Overflow.Next(state, Observed, now) };

    /// <summary>Everything has been settled, and nothing was worth telling.</summary>
    public void Weighed(Instant now)
    {
        if (now - Observed.Feedback.ToldAt >= FeedbackReporter.Period)
            Observed = Observed with { Feedback = Observed.Feedback.Weighed() };
    }

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
            {
                phases[address] = now;
                if (vip is { Phase: VipPhase.Serving, Owner: { } owner } && HoldFailures.IsUnproven(Observed.Of(owner), vip.Service))
                    Observed = Observed.With(owner, n => HoldFailures.Prove(n, vip.Service));
            }
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
    /// Opens a proof on every node that is suspect, and asks the witnesses of all that are open and due: one message for each witness, whatever it is asked of.
    /// </summary>
    public IEnumerable<(long Connection, LeaderMessage.WitnessQuery Question)> QueryWitnesses(FleetState state, Instant now)
    {
        var suspects = questions.Suspects(state, Observed, now);
        var due = suspects.Where(n => Observed.Of(n).LeaseExpiryProof is not { } open || open.IsDueAgain(now, suspects.Length)).ToArray();
        if (due.Length == 0)
            return [];
        foreach (var name in due)
            Observed = Observed.With(name, n => n with { LeaseExpiryProof = n.LeaseExpiryProof?.AskAgain(now) ?? LeaseExpiryProof.Open(now) });
        var id = questions.Ask(now);
        return from name in due
               from witness in state.WitnessSets.GetValueOrDefault(name, []).SelectMany(set => set.Witnesses).Distinct()
               let connection = Observed.Of(witness).Connection
               where connection is not null
               group name by connection.Value into asked
               select (asked.Key, new LeaderMessage.WitnessQuery(id, [.. asked], [.. asked.Where(IsFenced)]));
    }

    private static TimeSpan RoundTrip(long micros) => TimeSpan.FromMicroseconds(Math.Clamp(micros, 0, 60_000_000));
}
