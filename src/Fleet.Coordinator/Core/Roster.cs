using System.Collections.Immutable;
using Fleet.Coordinator.Backends;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Core;

/// <summary>Which nodes are connected, and what has been observed of each. Each connection is one node's; a node speaks on its newest.</summary>
internal sealed class Roster(Instant began)
{
    private readonly Dictionary<long, NodeName> _nodes = [];
    private readonly DemandBook _demand = new();
    private readonly Questions _questions = new();
    private Instant _stepped = began;

    public Observed Observed { get; private set; } = new() { Began = began, Awake = began };

    public void Restore(Observed before) => Observed = before;

    public NodeName? NodeAt(long connection) => _nodes.TryGetValue(connection, out var node) ? node : null;

    public bool IsOpen(long connection) => _nodes.ContainsKey(connection);

    /// <summary>A running leader takes a step with every tick, so a very late step means that it was stopped.</summary>
    public void Step(LeaseTerms lease, Instant now)
    {
        if (now - _stepped > lease.DurationAndMargin)
            Observed = Observed with { Awake = now };
        _stepped = now;
    }

    /// <summary>Returns the connection that this one replaces.</summary>
    public long? Join(NodeName name, long connection, Principal by, NodeMessage.Hello hello, Instant now)
    {
        var old = Observed.Node(name).Connection;
        if (old is { } replaced)
            _nodes.Remove(replaced);
        _nodes[connection] = name;
        Observed = Observed.With(name, n => n with
        {
            Connection = connection,
            By = by,
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

    /// <summary>The node's heartbeats must not be acknowledged.</summary>
    public bool IsFenced(NodeName name) => Observed.Node(name).Fence is not null;

    /// <summary>Fences every node that is due, and has its witnesses asked.</summary>
    public void FenceDue(FleetState state, Instant now)
    {
        if (state.Vips.Unsettled.IsEmpty)
            return;
        foreach (var (name, revision) in FenceRule.Due(state, Observed, now).ToArray())
            Observed = Observed.With(
                name, n => n with { Fence = new Fence(n.Granted, revision), LeaseExpiryProof = n.LeaseExpiryProof ?? LeaseExpiryProof.Open(now) });
    }

    /// <summary>Returns whether the heartbeat reports anything new, other than its map, which matters only to those who wait for it.</summary>
    public bool Beat(NodeName name, NodeMessage.Heartbeat beat, FleetMap map, Instant now)
    {
        var before = Observed.Node(name);
        if (beat.Load is not null)
        {
            var asked = _demand.Hear(map, before.Load, beat.Load, now).Select(d => KeyValuePair.Create(d.Vip, d));
            Observed = Observed with { Untold = Observed.Untold.SetItems(asked) };
        }

        if (beat.Feedback is { } feedback)
            Observed = Observed with { Feedback = Observed.Feedback.Hear(name, feedback) };
        var known = beat.Known > beat.Applied ? beat.Known : beat.Applied;
        // The fence, and with it the proof, lasts until the node knows the map in question.
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
            Ill = beat.Ill,
            Verdicts = n.Verdicts.SetItems(beat.Verdicts),
            Load = beat.Load is null ? n.Load : n.Load.Next(now, beat.Load),
            LeaseExpiryProof = fence is null ? null : n.LeaseExpiryProof,
        });
        return beat.Verdicts.Count > 0 || before.Ill is null != beat.Ill is null || !before.Missing.SequenceEqual(beat.Missing)
            || (before.Busy.Count > 0 && beat.Busy.Count == 0);
    }

    /// <summary>Returns whether the reply proves a node lost.</summary>
    public bool TakeWitnessReply(NodeName witness, NodeMessage.WitnessReply reply, FleetState state, Instant now)
    {
        if (_questions.AskedAt(reply.Query) is not { } asked)
            return false;
        var isProof = false;
        foreach (var (name, micros) in reply.Nodes)
        {
            if (Observed.Node(name).LeaseExpiryProof is not { } proof || asked < proof.Since)
                continue;
            var heard = proof.Hear(witness, asked, TimeSpan.FromMicroseconds(Math.Clamp(micros, 0, 1_000_000_000_000)), now);
            if (LivenessRule.IsLost(Observed.Node(name) with { LeaseExpiryProof = heard }, state.WitnessSets.GetValueOrDefault(name, []),
                state.LongestLease))
                (heard, isProof) = (heard with { ProvenAt = heard.ProvenAt ?? now }, true);
            Observed = Observed.With(name, n => n with { LeaseExpiryProof = heard });
        }

        return isProof;
    }

    /// <summary>Witnesses are being asked.</summary>
    public bool IsQueryingWitnesses => Observed.Uneasy.Any(n => Observed.Node(n).LeaseExpiryProof is not null);

    /// <inheritdoc cref="Questions.CalmUntil"/>
    public Instant CalmUntil => _questions.CalmUntil;

    /// <summary>A proven loss is not an entry yet: it waits for other nodes that fail with it.</summary>
    public bool HasProven => Observed.Uneasy.Any(n => Observed.Node(n).LeaseExpiryProof is { ProvenAt: not null });

    public void SayGoodbye(NodeName name) => Observed = Observed.With(name, n => n with { SaidGoodbye = true });

    public void Part(long connection)
    {
        if (_nodes.Remove(connection, out var name) && Observed.Node(name).Connection == connection)
            Observed = Observed.With(name, n => n with { Connection = null });
    }

    /// <summary>Returns the forgotten node's connection, if it is open.</summary>
    public long? Forget(NodeName name)
    {
        var connection = Observed.Node(name).Connection;
        if (connection is { } open)
            _nodes.Remove(open);
        Observed = Observed.Without(name);
        return connection;
    }

    /// <summary>Updates the observations by an event: who was lost and came back, what has been recorded.</summary>
    public void Remember(FleetEvent happened, long revision, Instant now) => Observed = happened switch
    {
        FleetEvent.NodeLost e => Observed.With(e.Node, n => FlapDamping.CountLoss(n, now, revision)),
        FleetEvent.NodeReturned e => Observed.With(e.Node, n => FlapDamping.CountReturn(n, now)),
        FleetEvent.NodeIntended { Intent: NodeIntent.Active } e => Observed.With(e.Node, FlapDamping.Forgive),
        FleetEvent.NodesSuspected e => e.Nodes.Aggregate(Observed, (seen, name) => seen.With(name, n => n with { SuspectedAt = revision })),
        FleetEvent.DemandMeasured e => Observed with { Untold = Observed.Untold.RemoveRange(e.Vips.Select(v => v.Vip)), ToldAt = now },
        FleetEvent.FeedbackSet => Observed with { Feedback = Observed.Feedback.Told(now) },
        _ => Observed,
    };

    public void LookAtSites(FleetMap parent, FleetState state, Instant now) =>
        Observed = Observed with { SiteSince = SiteObservations.Follow(Observed.SiteSince, parent, state, now) };

    public void LookAtLoads(FleetState state, Instant now) => Observed = Observed with { Overflow = Observed.Overflow.Next(state, Observed, now) };

    /// <summary>Everything has been settled, and nothing was worth recording.</summary>
    public void Weighed(Instant now)
    {
        if (now - Observed.Feedback.ToldAt >= FeedbackReporter.Period)
            Observed = Observed with { Feedback = Observed.Feedback.Weighed() };
    }

    /// <summary>This is the plan to follow from now on.</summary>
    public void Follow(PreparedPlan? plan) => Observed = Observed with { Plan = plan };

    /// <summary>Remembers since when each VIP is in its phase, looking only at the touched ones, and drops what is no longer disputed.</summary>
    public void Notice(FleetMap parent, FleetMap map, IReadOnlyCollection<VipAddress> touched, Instant now)
    {
        var phases = Observed.PhaseSince.ToBuilder();
        foreach (var address in touched)
        {
            if (!map.Vips.TryGetValue(address, out var vip))
            {
                phases.Remove(address);
                _demand.Forget(address);
            }
            else if (!parent.Vips.TryGetValue(address, out var old) || old.Since != vip.Since)
            {
                phases[address] = now;
                if (vip is { Phase: VipPhase.Serving, Owner: { } owner } && HoldFailures.IsUnproven(Observed.Node(owner), vip.Service))
                    Observed = Observed.With(owner, n => HoldFailures.Prove(n, vip.Service));
            }
        }

        Observed = Observed with { PhaseSince = phases.ToImmutable() };
        if (!ReferenceEquals(parent.Services, map.Services))
            Observed = Observed with { Words = Observed.Words.DisputeAll(), Feedback = Observed.Feedback.WeighAll() };
    }

    /// <summary>A backend on which all reports agree with the map needs no look until somebody reports something else.</summary>
    public void Agree(FleetMap map)
    {
        if (!Observed.Words.Disputed.IsEmpty)
            Observed = Observed with { Words = Observed.Words.Resolve(backend => Observed.AllSay(backend, map)) };
    }

    /// <summary>
    /// Opens a proof for every suspect node, and asks the witnesses of all proofs that are open and due: one message for each witness, however many
    /// nodes it is asked about.
    /// </summary>
    public IEnumerable<(long Connection, LeaderMessage.WitnessQuery Question)> QueryWitnesses(FleetState state, Instant now)
    {
        var suspects = _questions.Suspects(state, Observed, now);
        var due = suspects.Where(n => Observed.Node(n).LeaseExpiryProof is not { } open || open.IsDueAgain(now, suspects.Length)).ToArray();
        if (due.Length == 0)
            return [];
        foreach (var name in due)
            Observed = Observed.With(name, n => n with { LeaseExpiryProof = n.LeaseExpiryProof?.AskAgain(now) ?? LeaseExpiryProof.Open(now) });
        var id = _questions.Ask(now);
        return from name in due
               from witness in state.WitnessSets.GetValueOrDefault(name, []).SelectMany(set => set.Witnesses).Distinct()
               let connection = Observed.Node(witness).Connection
               where connection is not null
               group name by connection.Value into asked
               select (asked.Key, new LeaderMessage.WitnessQuery(id, [.. asked], [.. asked.Where(IsFenced)]));
    }

    private static TimeSpan RoundTrip(long micros) => TimeSpan.FromMicroseconds(Math.Clamp(micros, 0, 60_000_000));
}
