using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>
/// A node without clock, network or data plane: inputs go in, effects come out, in the order in which they must be done. Whatever the input, the
/// lease is looked at first: a process that was suspended finds it expired before it does anything else.
/// </summary>
internal sealed class Reactor
{
    /// <summary>Connections are counted with every tenth heartbeat, and with each while a VIP is being drained.</summary>
    private const int CountEvery = 10;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly NodeFacts _facts;
    private readonly Incarnation _incarnation;
    private readonly PeerRuns _peers;
    private readonly WitnessLedger _witnesses;
    private readonly LeaderSession _talk = new();
    private readonly PlaneReconciler _plane;
    private readonly CheckAssignment _checks;
    private readonly FeedbackReports _feedback = new();
    private readonly List<NodeEffect> _effects = [];
    private Lease _lease = Lease.None;
    private Instant _nextBeat = Instant.Never;
    private Instant _nextProbe = Instant.Never;
    private Instant? _stopBy;
    private long _beats;

    /// <param name="lastMap">What was kept on disk: DNS is answered from it, but nothing is held by it until a leader says so.</param>
    /// <param name="found">VIPs that an earlier agent has left with their holder.</param>
    public Reactor(
        NodeFacts facts,
        Incarnation incarnation,
        DataPlaneCapabilities capabilities,
        ImmutableSortedSet<VipAddress> found,
        FleetMap lastMap,
        Instant now)
    {
        _plane = new PlaneReconciler(capabilities, found);
        _facts = facts;
        _incarnation = incarnation;
        Map = lastMap;
        _peers = new PeerRuns(facts, incarnation);
        _witnesses = new WitnessLedger(now);
        _checks = new CheckAssignment(facts.Name);
    }

    public FleetMap Map { get; private set; }

    /// <summary>The lease's end; in the past when it is not held.</summary>
    public Instant LeaseUntil => _lease.Until;

    /// <summary>The map that the next heartbeat reports: the node holds what this map gives to it, except <see cref="Missing"/>.</summary>
    internal MapVersion Applied => _plane.Version;

    /// <summary>The VIPs that the next heartbeat reports as missing.</summary>
    internal ImmutableArray<VipAddress> Missing => _plane.Missing;

    private NodeEntry? Me => Map.Nodes.GetValueOrDefault(_facts.Name);

    private LeaseTerms Terms => Map.Policy.Lease;

    public IReadOnlyList<NodeEffect> Step(NodeInput input, Instant now)
    {
        if (!_lease.IsHeld(now))
            _plane.LoseLease(_effects);
        switch (input)
        {
            case NodeInput.LinkOpened:
                _talk.Open(now);
                _effects.Add(new NodeEffect.SendToLeader(new NodeMessage.Hello(Wire.Schema, _facts, _incarnation, Map.Version)));
                break;
            case NodeInput.LinkClosed:
                _talk.Close(now);
                break;
            case NodeInput.FromLeader leader:
                Hear(leader.Message, now);
                break;
            case NodeInput.FromPeer peer:
                Hear(peer.Datagram, now);
                break;
            case NodeInput.Held held:
                if (_plane.Done(held))
                    Beat(now);
                break;
            case NodeInput.Applied applied:
                if (_plane.Hear(applied, now))
                    Beat(now);
                break;
            case NodeInput.Drained drained:
                _plane.Hear(drained, now);
                break;
            case NodeInput.PlaneRead read:
                _plane.Hear(read.Reading);
                break;
            case NodeInput.PlaneSilent silent:
                _plane.Hear(silent, now);
                break;
            case NodeInput.Checked check:
                _checks.HearVerdict(check.Backend, check.Verdict);
                Beat(now);
                break;
            case NodeInput.Weighed weighed:
                _feedback.Hear(weighed.Backend, weighed.Percent);
                break;
            case NodeInput.StopAsked:
                _stopBy ??= now + StopPatience;
                _effects.Add(new NodeEffect.SendToLeader(new NodeMessage.Goodbye()));
                break;
        }

        Pass(now);
        var done = _effects.ToArray();
        _effects.Clear();
        return done;
    }

    /// <summary>When the next thing is due by time alone: a step before then does nothing for it, one after then is late.</summary>
    public Instant Due(Instant now)
    {
        var due = Instant.Min(Instant.Min(Instant.Min(_nextBeat, _nextProbe), _talk.Due(now, Terms)), _plane.Due);
        if (_plane.IsHolding)
            due = Instant.Min(due, _lease.Until);
        return _stopBy is { } deadline ? Instant.Min(due, deadline) : due;
    }

    private void Hear(LeaderMessage message, Instant now)
    {
        switch (message)
        {
            case LeaderMessage.Welcome welcome:
                if (_talk.Welcome(welcome.Term))
                    _nextBeat = now;
                else
                    _effects.Add(new NodeEffect.CloseLink($"it leads term {welcome.Term}, which is over"));
                break;
            case LeaderMessage.Ack ack when _talk.HearAck(ack, now) is { } sentAt:
                Renew(_lease.ByLeader(sentAt, Terms.Duration, ack.Version == Map.Version, now), now);
                break;
            case LeaderMessage.Full full:
                Accept(full.Map, null, now);
                break;
            case LeaderMessage.Change change:
                if (change.Delta.TryApply(Map, out var next))
                    Accept(next, change.Delta, now);
                else
                    _effects.Add(new NodeEffect.CloseLink($"its change starts at {change.Delta.From}, this node is at {Map.Version}"));
                break;
            case LeaderMessage.WitnessQuery query:
                _effects.Add(new NodeEffect.SendToLeader(_witnesses.TakeWitnessReply(query, now)));
                break;
            case LeaderMessage.Refusal { RetryAfterMs: null } refusal:
                _plane.LetGo(_effects);
                _effects.Add(new NodeEffect.Stop(refusal.Reason));
                break;
        }
    }

    private void Hear(WitnessDatagram datagram, Instant now)
    {
        if (_peers.IsForAnother(datagram, Map))
        {
            // The reply tells the peer which run to ask. What it asked now counts for nothing.
            SendPeer(datagram.From, WitnessKind.Introduce, datagram.Seq, answers: datagram.Run);
            return;
        }

        if (!_peers.TryHear(datagram, Map, now))
            return;
        var cover = TimeSpan.FromMicroseconds(Math.Min(datagram.CoverMicros, Instant.Forever.Micros / 2));
        switch (datagram.Kind)
        {
            case WitnessKind.Vouch:
                _witnesses.HearVouch(datagram.From, datagram.Seq, now);
                break;
            case WitnessKind.Probe when _witnesses.TryVouch(datagram.From, now):
            case WitnessKind.Revive when _witnesses.TryRevive(datagram.From, cover, Terms, now):
                SendPeer(datagram.From, WitnessKind.Vouch, datagram.Seq);
                break;
        }
    }

    private void Accept(FleetMap next, MapDelta? change, Instant now)
    {
        if (next.Version <= Map.Version || next.Version.Term < _talk.Term)
            return;
        Map = next;
        _lease = _lease.AtMost(now + Terms.Duration);
        _effects.Add(new NodeEffect.PublishAnswers(next, change));
        Obey(now);
        _effects.Add(new NodeEffect.SaveMap(next));
    }

    /// <summary>Does what is due by time: the lease ends, witnesses renew it, heartbeats are sent, a leader that does not answer is left.</summary>
    private void Pass(Instant now)
    {
        if (Me is { Presence: NodePresence.Up } me)
        {
            Renew(_lease.ByWitnesses(me.Witnesses.IsEmpty ? now : _witnesses.QuorumHeard(me.Witnesses), Terms.Duration, now), now);
            if (!_lease.IsHeld(now))
                Renew(_lease.ByRevival(me.Witnesses.IsEmpty ? now : _witnesses.QuorumRevived(me.Witnesses), Terms.Duration, now), now);
        }

        var isNews = _plane.Attend(_effects, Terms, now);
        if (_checks.Update(_effects, Map, _talk.IsCutOff(now)) || isNews)
            Obey(now);
        _plane.Advance(_effects, now);
        if (_nextBeat <= now || isNews)
            Beat(now);
        if (_nextProbe <= now)
            Probe(now);
        if (_talk.IsUnanswered(now, Terms))
        {
            _talk.Close(now);
            _effects.Add(new NodeEffect.CloseLink("the leader does not answer"));
        }

        if (_stopBy is { } deadline && (now >= deadline || !_talk.IsOpen || !Map.Vips.Values.Any(v => v.Owner == _facts.Name)))
        {
            _plane.LetGo(_effects);
            _effects.Add(new NodeEffect.Stop("stopped by the operator"));
            _stopBy = Instant.Forever;
        }
    }

    private void Renew(Lease renewed, Instant now)
    {
        if (renewed == _lease)
            return;
        var wasHeld = _lease.IsHeld(now);
        _lease = renewed;
        if (wasHeld)
            _plane.Renew(_effects, _lease.Until, Terms);
        else
            Obey(now);
    }

    /// <summary>Brings the data plane in line with the map, as far as the lease allows.</summary>
    private void Obey(Instant now) => _plane.Obey(_effects, Map, _facts.Name, _lease.IsHeld(now) ? _lease.Until : Instant.Never, _checks, now);

    /// <summary>
    /// Asks the witnesses, half a period off the heartbeats, so that the lease is renewed twice a period. An agent that dies with a renewal under way
    /// then leaves it half a period shorter than the others believe, not a whole one.
    /// </summary>
    private void Probe(Instant now)
    {
        _nextProbe = (_nextBeat > now ? _nextBeat : now + Terms.Heartbeat) + (Terms.Heartbeat / 2);
        if (_nextProbe - now > Terms.Heartbeat)
            _nextProbe -= Terms.Heartbeat;
        if (Me is not { Presence: NodePresence.Up } me || _lease == Lease.None)
            return;
        var kind = _lease.IsHeld(now) ? WitnessKind.Probe : WitnessKind.Revive;
        // A probe asks to be kept alive. Without a lease, that would only keep this node's VIPs from the others, so the node asks to have its lease
        // back, if nothing was given away.
        var cover = kind == WitnessKind.Revive ? (long)(now - _lease.Until + Terms.Duration).TotalMicroseconds : 0;
        var number = _witnesses.Probe(now, kind);
        foreach (var witness in me.Witnesses)
            SendPeer(witness, kind, number, cover);
    }

    private void SendPeer(NodeName to, WitnessKind kind, long number, long cover = 0, Incarnation? answers = null)
    {
        var datagram = _peers.Address(to, Map, kind, number, cover);
        _effects.Add(new NodeEffect.SendPeer(to, answers is { } run ? datagram with { ToRun = run } : datagram));
    }

    private void Beat(Instant now)
    {
        if (now >= _nextBeat)
            _nextBeat = Instant.Max(_nextBeat, now - Terms.Heartbeat) + Terms.Heartbeat;
        _beats++;
        if (_talk.IsWelcome)
        {
            var counts = _beats % CountEvery == 0;
            _effects.Add(new NodeEffect.SendToLeader(new NodeMessage.Heartbeat(
                _talk.NextSeq(now),
                _plane.Version,
                _plane.Missing,
                _plane.Busy,
                _checks.TakeNews(_talk.Link),
                counts ? _plane.Counters : null,
                _feedback.TakeNews(_talk.Link))
            {
                Known = Map.Version,
                LinkRoundTripMicros = (long)_talk.RoundTrip.Peak.TotalMicroseconds,
                WitnessRoundTripMicros = (long)_witnesses.QuorumRoundTrip(Me?.Witnesses ?? []).TotalMicroseconds,
                Ill = _plane.Ill,
                Problems = _plane.Problems is { IsEmpty: false } problems ? problems : null,
            }));
        }

        if (_beats % CountEvery == CountEvery - 1 || _plane.IsDraining)
            _plane.Read(_effects);
    }
}
