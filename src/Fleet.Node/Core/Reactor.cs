using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>
/// A node without clock, network or data plane: inputs go in, effects come out, in the order in which they must be done. Whatever the input, the lease is looked at
/// first: a process that was suspended finds it expired before it does anything else.
/// </summary>
public sealed class Reactor
{
    /// <summary>Connections are counted with every tenth heartbeat, and with each while a VIP is being drained.</summary>
    private const int CountEvery = 10;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly NodeFacts facts;
    private readonly string incarnation;
    private readonly WitnessLedger watch;
    private readonly LeaderSession talk = new();
    private readonly PlaneDesk plane = new();
    private readonly CheckDesk checks;
    private readonly FeedbackDesk feedback = new();
    private readonly List<NodeEffect> effects = [];
    private Lease lease = Lease.None;
    private Instant nextBeat = Instant.Never;
    private Instant nextProbe = Instant.Never;
    private Instant? stopBy;
    private long beats;

    /// <param name="lastMap">What was kept on disk: DNS is answered from it, but nothing is held by it until a leader says so.</param>
    public Reactor(NodeFacts facts, string incarnation, FleetMap lastMap, Instant now)
    {
        this.facts = facts;
        this.incarnation = incarnation;
        Map = lastMap;
        watch = new WitnessLedger(now);
        checks = new CheckDesk(facts.Name);
    }

    public FleetMap Map { get; private set; }

    /// <summary>The lease's end; in the past when it is not held.</summary>
    public Instant LeaseUntil => lease.Until;

    private NodeEntry? Me => Map.Nodes.GetValueOrDefault(facts.Name);

    private LeaseTerms Terms => Map.Policy.Lease;

    public IReadOnlyList<NodeEffect> Step(NodeInput input, Instant now)
    {
        if (!lease.IsHeld(now) && plane.IsHolding)
            plane.LetGo(effects, Map.Version);
        switch (input)
        {
            case NodeInput.LinkOpened:
                talk.Open(now);
                effects.Add(new NodeEffect.SendToLeader(new NodeMessage.Hello(Wire.Schema, facts, incarnation, Map.Version)));
                break;
            case NodeInput.LinkClosed:
                talk.Close(now);
                break;
            case NodeInput.FromLeader leader:
                Hear(leader.Message, now);
                break;
            case NodeInput.FromPeer peer:
                Hear(peer.Datagram, now);
                break;
            case NodeInput.Held held:
                if (plane.Done(held))
                    Beat(now);
                break;
            case NodeInput.Counted counted:
                plane.Counters = counted.Counters;
                break;
            case NodeInput.Judged judged:
                checks.Judge(judged.Backend, judged.Verdict);
                Beat(now);
                break;
            case NodeInput.Weighed weighed:
                feedback.Hear(weighed.Backend, weighed.Percent);
                break;
            case NodeInput.StopAsked:
                stopBy ??= now + StopPatience;
                effects.Add(new NodeEffect.SendToLeader(new NodeMessage.Goodbye()));
                break;
        }

        Pass(now);
        var done = effects.ToArray();
        effects.Clear();
        return done;
    }

    /// <summary>When time alone brings the next thing to do: a step before then does nothing for it, one after then is late.</summary>
    public Instant Due(Instant now)
    {
        var due = Instant.Min(Instant.Min(nextBeat, nextProbe), talk.Due(now, Terms));
        if (plane.IsHolding)
            due = Instant.Min(due, lease.Until);
        return stopBy is { } deadline ? Instant.Min(due, deadline) : due;
    }

    private void Hear(LeaderMessage message, Instant now)
    {
        switch (message)
        {
            case LeaderMessage.Welcome welcome:
                if (talk.Welcome(welcome.Term))
                    nextBeat = now;
                else
                    effects.Add(new NodeEffect.CloseLink($"it leads term {welcome.Term}, which is over"));
                break;
            case LeaderMessage.Ack ack when talk.HearAck(ack, now) is { } sentAt:
                Renew(lease.ByLeader(sentAt, Terms.Duration, ack.Version == Map.Version, now), now);
                break;
            case LeaderMessage.Full full:
                Accept(full.Map, null, now);
                break;
            case LeaderMessage.Change change:
                if (change.Delta.TryApply(Map, out var next))
                    Accept(next, change.Delta, now);
                else
                    effects.Add(new NodeEffect.CloseLink($"its change starts at {change.Delta.From}, this node is at {Map.Version}"));
                break;
            case LeaderMessage.WitnessQuery query:
                effects.Add(new NodeEffect.SendToLeader(watch.TakeWitnessReply(query, now)));
                break;
            case LeaderMessage.Refusal { RetryAfterMs: null } refusal:
                plane.LetGo(effects, Map.Version);
                effects.Add(new NodeEffect.Stop(refusal.Reason));
                break;
        }
    }

    private void Hear(WitnessDatagram datagram, Instant now)
    {
        if (!Map.Nodes.ContainsKey(datagram.From))
            return;
        if (datagram.Kind == WitnessKind.Vouch)
        {
            watch.HearVouch(datagram.From, datagram.Seq, now);
            return;
        }

        var mayVouch = datagram.Kind == WitnessKind.Probe
            ? watch.TryVouch(datagram.From, now)
            : watch.TryRevive(datagram.From, TimeSpan.FromMicroseconds(Math.Min(datagram.CoverMicros, Instant.Forever.Micros / 2)), Terms, now);
        if (mayVouch)
            effects.Add(new NodeEffect.SendPeer(datagram.From, new WitnessDatagram(WitnessKind.Vouch, facts.Name, datagram.Seq)));
    }

    private void Accept(FleetMap next, MapDelta? change, Instant now)
    {
        if (next.Version <= Map.Version || next.Version.Term < talk.Term)
            return;
        Map = next;
        lease = lease.AtMost(now + Terms.Duration);
        effects.Add(new NodeEffect.PublishAnswers(next, change));
        Obey(now);
        effects.Add(new NodeEffect.SaveMap(next));
    }

    /// <summary>What time brings: the lease ends, witnesses renew it, heartbeats are due, an unanswering leader is left.</summary>
    private void Pass(Instant now)
    {
        if (Me is { Presence: NodePresence.Up } me)
        {
            Renew(lease.ByWitnesses(me.Witnesses.IsEmpty ? now : watch.QuorumHeard(me.Witnesses), Terms.Duration, now), now);
            if (!lease.IsHeld(now))
                Renew(lease.ByRevival(me.Witnesses.IsEmpty ? now : watch.QuorumRevived(me.Witnesses), Terms.Duration, now), now);
        }

        if (checks.Update(effects, Map, talk.IsCutOff(now)))
            Obey(now);
        if (nextBeat <= now)
            Beat(now);
        if (nextProbe <= now)
            Probe(now);
        if (talk.IsUnanswered(now, Terms))
        {
            talk.Close(now);
            effects.Add(new NodeEffect.CloseLink("the leader does not answer"));
        }

        if (stopBy is { } deadline && (now >= deadline || !talk.IsOpen || !Map.Vips.Values.Any(v => v.Owner == facts.Name)))
        {
            plane.LetGo(effects, Map.Version);
            effects.Add(new NodeEffect.Stop("stopped by the operator"));
            stopBy = Instant.Forever;
        }
    }

    private void Renew(Lease renewed, Instant now)
    {
        if (renewed == lease)
            return;
        var wasHeld = lease.IsHeld(now);
        lease = renewed;
        if (wasHeld)
            plane.Renew(effects, lease.Until, Map.Version, Terms);
        else
            Obey(now);
    }

    /// <summary>Brings the data plane in line with the map, as far as the lease allows.</summary>
    private void Obey(Instant now) => plane.Obey(effects, Map, facts.Name, lease.IsHeld(now) ? lease.Until : Instant.Never, checks);

    /// <summary>
    /// Asks the witnesses, half a period off the heartbeats: the lease is renewed twice a period, so an agent that dies with a renewal under way leaves it half a period
    /// shorter than the others believe, not a whole one.
    /// </summary>
    private void Probe(Instant now)
    {
        nextProbe = (nextBeat > now ? nextBeat : now + Terms.Heartbeat) + (Terms.Heartbeat / 2);
        if (nextProbe - now > Terms.Heartbeat)
            nextProbe -= Terms.Heartbeat;
        if (Me is not { Presence: NodePresence.Up } me || lease == Lease.None)
            return;
        var kind = lease.IsHeld(now) ? WitnessKind.Probe : WitnessKind.Revive;
        // A probe asks to be kept alive. Without a lease that would only keep this node's VIPs from the others: then it asks for what was not given away, if nothing was.
        var cover = kind == WitnessKind.Revive ? (long)(now - lease.Until + Terms.Duration).TotalMicroseconds : 0;
        var number = watch.Probe(now, kind);
        foreach (var witness in me.Witnesses)
            effects.Add(new NodeEffect.SendPeer(witness, new WitnessDatagram(kind, facts.Name, number, cover)));
    }

    private void Beat(Instant now)
    {
        if (now >= nextBeat)
            nextBeat = Instant.Max(nextBeat, now - Terms.Heartbeat) + Terms.Heartbeat;
        beats++;
        if (talk.IsWelcome)
        {
            var counts = beats % CountEvery == 0;
            effects.Add(new NodeEffect.SendToLeader(new NodeMessage.Heartbeat(
                talk.NextSeq(now), plane.Version, plane.Missing, plane.Busy, checks.TakeNews(talk.Link), counts ? plane.Counters : null, feedback.TakeNews(talk.Link))
            {
                Known = Map.Version,
                LinkRoundTripMicros = (long)talk.RoundTrip.Peak.TotalMicroseconds,
                WitnessRoundTripMicros = (long)watch.QuorumRoundTrip(Me?.Witnesses ?? []).TotalMicroseconds,
            }));
        }

        if (beats % CountEvery == CountEvery - 1 || plane.IsDraining)
            effects.Add(new NodeEffect.ReadCounters());
    }
}
