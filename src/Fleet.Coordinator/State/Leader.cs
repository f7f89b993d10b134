using System.Collections.Immutable;
using Fleet.Coordinator.Planning;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.State;

/// <summary>
/// The leader of a term, without clock, network or disk: inputs go in, works come out. An entry it returns must be in the journal, and then be given back to
/// <see cref="Commit"/>, before the next input; an entry that could not be written is given to <see cref="Abandon"/>, and one of which nobody knows yet to <see cref="Doubt"/>.
/// </summary>
public sealed class Leader
{
    /// <summary>The request number of what the configuration asks for: it is never refused for the protection's sake.</summary>
    private const long ByConfiguration = 0;

    private readonly long term;
    private readonly MapReplication feed = new();
    private readonly PlanScheduler desk = new();
    private readonly ProtectionGate gate = new();
    private readonly LeaderPace pace;
    private readonly Roster roster;
    private readonly List<LeaderWork> works = [];
    private LeaderWork.Answer? answer;
    private ImmutableHashSet<NodeName> doubted = [];
    private bool news = true;
    private (Observed Observed, LeaderInput.Asked? Asked) before;

    public Leader(long term, FleetState state, Instant now)
    {
        this.term = term;
        pace = new LeaderPace(now);
        State = state;
        roster = new Roster(now);
        roster.LookAtSites(state.Map, state, now);
    }

    public FleetState State { get; private set; }

    public Observed Observed => roster.Observed;

    public long Term => term;

    /// <summary>The entry of which nobody knows whether it is in the journal, and since when; null when all is well.</summary>
    public (long Revision, Instant Since)? InDoubt { get; private set; }

    /// <summary>When the next step is to be taken at the latest, with a <see cref="LeaderInput.Tick"/> if nothing else comes.</summary>
    public Instant Due => pace.Due(news || InDoubt is not null || feed.IsAnyWaiting || roster.IsQueryingWitnesses, roster.CalmUntil);

    /// <summary>The newest plan and what the proof says of it.</summary>
    public PlanScheduler Planning => desk;

    public LeaderStep Step(LeaderInput input, Instant now, DateTimeOffset wall)
    {
        pace.Step(now);
        before = (Observed, input as LeaderInput.Asked);
        roster.Step(State.LongestLease, now);
        var (actor, events) = input switch
        {
            LeaderInput.Said said => ("coordinator", Heard(said.Connection, said.Message, now)),
            LeaderInput.Parted parted => ("coordinator", Parted(parted.Connection)),
            LeaderInput.Asked asked => (asked.Actor, Decide(asked, now)),
            LeaderInput.Judged judged when gate.Take(judged.Ticket) is { } waiting => (waiting.Asked.Actor, Judged(waiting, judged, now)),
            LeaderInput.Planned planned => ("coordinator", Take(planned)),
            _ => ("coordinator", []),
        };
        foreach (var (connection, map) in feed.Full(State.Map, roster.IsOpen, now))
            Feed(connection, map, now);
        news |= input is LeaderInput.Tick && roster.HasProven;
        // What was answered is judged before anybody is asked anew.
        var entry = Entry(actor, events, now, wall);
        works.AddRange(roster.QueryWitnesses(State, now).Select(q => new LeaderWork.Send(q.Connection, q.Question)));
        if (entry is null)
            Reply();
        return new LeaderStep(Drain(), entry);
    }

    /// <summary>The entry is in the journal: fold it, tell the nodes, answer who asked.</summary>
    public IReadOnlyList<LeaderWork> Commit(JournalEntry entry, Instant now)
    {
        var parent = State.Map;
        State = Evolver.Evolve(State, entry);
        Forget();
        var touched = Footprint.Of(entry, parent);
        roster.Notice(parent, State.Map, touched, now);
        roster.Agree(State.Map);
        roster.LookAtSites(parent, State, now);
        works.AddRange(feed.Next(parent, State.Map, touched).Select(m => new LeaderWork.Send(m.Connection, m.Message)));
        foreach (var gone in entry.Events.OfType<FleetEvent.NodeForgotten>())
            Dismiss(gone.Node);
        roster.Remember(entry, now);
        roster.Follow(desk.Notice(entry) ? Observed.Plan?.Left(State.Map) is { } outdated ? outdated with { Moves = [] } : null : Observed.Plan?.Left(State.Map));
        Order(now);
        news = true;
        Reply();
        return Drain();
    }

    /// <summary>
    /// Whether the entry is in the journal is not known. Until it is committed after all, or <see cref="Forget"/> says that it never was, nodes that it calls lost get no
    /// acknowledgement: their VIPs may be another's by now. Returns the answer that has to wait; null when nobody asked.
    /// </summary>
    public LeaderWork.Answer? Doubt(JournalEntry entry, Instant now)
    {
        InDoubt = (entry.Revision, now);
        doubted = [.. entry.Events.OfType<FleetEvent.NodeLost>().Select(e => e.Node)];
        var waiting = answer;
        answer = null;
        return waiting;
    }

    /// <summary>The entry that was in doubt was never written.</summary>
    public void Forget() => (doubted, InDoubt) = ([], null);

    /// <summary>The entry could not be written: nothing has happened.</summary>
    public IReadOnlyList<LeaderWork> Abandon(string reason)
    {
        if (answer is not null)
            answer = answer with { Decision = Decision.Refuse(RefusalKind.Unavailable, reason) };
        Reply();
        return Drain();
    }

    /// <summary>The step threw: nothing has happened. What was found out to be sent still goes out, whoever asked is refused, and a node whose word it was is cut off.</summary>
    public IReadOnlyList<LeaderWork> Recover(LeaderInput input, string id)
    {
        roster.Restore(before.Observed);
        works.RemoveAll(work => work is LeaderWork.Judge);
        answer = before.Asked is not { } asked ? null : new LeaderWork.Answer(
            asked.Request, new Decision.Refused(RefusalKind.Failed, $"The coordinator could not decide this, and nothing was changed; its log says more under {id}.", id), State.Map.Version);
        if (input is LeaderInput.Said said)
            works.Add(new LeaderWork.Close(said.Connection));
        Reply();
        return Drain();
    }

    private ImmutableArray<FleetEvent> Heard(long connection, NodeMessage message, Instant now)
    {
        switch (message)
        {
            case NodeMessage.Hello hello:
                return Greet(connection, hello, now);
            case NodeMessage.Heartbeat beat when roster.NodeAt(connection) is { } node:
                news |= (beat.Applied != Observed.Of(node).Applied && IsAwaited(node)) | roster.Beat(node, beat, State.Map, now);
                feed.Applied(connection, beat.Applied);
                if (!roster.IsFenced(node) && !doubted.Contains(node))
                    works.Add(new LeaderWork.Send(connection, new LeaderMessage.Ack(beat.Seq, State.Map.Version)));
                return [];
            case NodeMessage.WitnessReply reply when roster.NodeAt(connection) is { } witness:
                news |= roster.TakeWitnessReply(witness, reply, State, now);
                return [];
            case NodeMessage.Goodbye when roster.NodeAt(connection) is { } node:
                roster.SayGoodbye(node);
                news = true;
                return [];
            default:
                // Whoever speaks before saying hello is not a node of this fleet.
                works.Add(new LeaderWork.Close(connection));
                return [];
        }
    }

    /// <summary>Something may happen once the node works by a newer map. What waits for several nodes is looked at with the next reconciliation.</summary>
    private bool IsAwaited(NodeName node) => !State.UnreleasedVips.IsEmpty || State.Vips.IsAwaited(node);

    private ImmutableArray<FleetEvent> Greet(long connection, NodeMessage.Hello hello, Instant now)
    {
        var name = hello.Facts.Name;
        if (roster.IsTaken(name, hello.Incarnation, State.Map.Policy.Lease, now))
            return Refuse(connection, $"Another node named {name} is in the fleet: names must differ.", 5000);
        if (roster.Join(name, connection, hello, now) is { } old)
            works.Add(new LeaderWork.Close(old));
        works.Add(new LeaderWork.Send(connection, new LeaderMessage.Welcome(term, State.Map.Policy.Lease)));
        feed.Join(connection, hello.Applied, State.Map.Version);
        if (hello.Applied == State.Map.Version)
            roster.Feed(connection, now);
        news = true;
        return [];
    }

    private void Feed(long connection, LeaderMessage map, Instant now)
    {
        works.Add(new LeaderWork.Send(connection, map));
        roster.Feed(connection, now);
    }

    private ImmutableArray<FleetEvent> Refuse(long connection, string reason, int? retryAfterMs)
    {
        works.Add(new LeaderWork.Send(connection, new LeaderMessage.Refusal(reason, retryAfterMs)));
        works.Add(new LeaderWork.Close(connection));
        return [];
    }

    private ImmutableArray<FleetEvent> Take(LeaderInput.Planned planned)
    {
        roster.Follow(desk.Take(planned.Plan, planned.Took, planned.Failure) ?? Observed.Plan);
        news = true;
        return [];
    }

    private void Order(Instant now)
    {
        if (desk.Order(State, Observed, now) is { } order)
            works.Add(new LeaderWork.Plan(order));
    }

    private ImmutableArray<FleetEvent> Parted(long connection)
    {
        feed.Leave(connection);
        roster.Part(connection);
        news = true;
        return [];
    }

    private void Dismiss(NodeName node)
    {
        if (roster.Forget(node) is not { } connection)
            return;
        feed.Leave(connection);
        Refuse(connection, $"Node {node} has left the fleet.", null);
    }

    private ImmutableArray<FleetEvent> Decide(LeaderInput.Asked asked, Instant now, int tries = 0)
    {
        var decision = Judge(asked, now);
        if (asked.Request == ByConfiguration || decision is not Decision.Accepted { Events.IsEmpty: false } accepted)
            return Settle(asked, decision);
        var after = Folded(accepted.Events);
        if (!ProtectionGate.Concerns(asked.Command, State, after))
            return Settle(asked, decision);
        works.Add(gate.Ask(asked, tries + 1, new PlanRequest(desk.Changes, State.Map, PlanRequest.Seen(State, Observed, now)), after.Map));
        return [];
    }

    /// <summary>The command is decided anew, by the fleet as it is now; the judgement counts if nothing that matters has changed since.</summary>
    private ImmutableArray<FleetEvent> Judged(ProtectionGate.Case waiting, LeaderInput.Judged judged, Instant now)
    {
        before.Asked = waiting.Asked;
        var (asked, tries, changes) = waiting;
        if (changes != desk.Changes)
        {
            return tries < ProtectionGate.TriesMax
                ? Decide(asked, now, tries)
                : Settle(asked, Decision.Refuse(RefusalKind.Conflict, "The fleet is changing faster than this can be judged: try again."));
        }

        var decision = Judge(asked, now);
        return Settle(asked, decision is Decision.Accepted accepted ? ProtectionGate.Rule(accepted, judged, Folded(accepted.Events).Map.Policy, asked.Force) : decision);
    }

    private Decision Judge(LeaderInput.Asked asked, Instant now) => asked.IfVersion is { } wanted && wanted != State.Map.Version
        ? Decision.Refuse(RefusalKind.Stale, $"The fleet is at {State.Map.Version}, not at {wanted}: look again.")
        : Decider.Decide(State, Observed, asked.Command, now);

    /// <summary>The answer goes out once the events, if there are any, are in the journal.</summary>
    private ImmutableArray<FleetEvent> Settle(LeaderInput.Asked asked, Decision decision)
    {
        answer = new LeaderWork.Answer(asked.Request, decision, State.Map.Version);
        news = true;
        return decision is Decision.Accepted accepted ? accepted.Events : [];
    }

    private FleetState Folded(ImmutableArray<FleetEvent> events) => events.Aggregate(State, (s, e) => Evolver.Evolve(s, e, State.Map.Version.Revision + 1));

    private JournalEntry? Entry(string actor, ImmutableArray<FleetEvent> decided, Instant now, DateTimeOffset wall)
    {
        if (decided.IsEmpty && !news && !pace.MustSettle(now))
            return null;
        news = false;
        pace.Settle(now);
        roster.LookAtLoads(State, now);
        roster.FenceDue(State, now);
        var revision = State.Map.Version.Revision + 1;
        var events = decided.AddRange(Reconciler.Settle(Folded(decided), Observed, now));
        if (!events.IsEmpty)
            return new JournalEntry(revision, term, wall, actor, events);
        roster.Agree(State.Map);
        roster.Weighed(now);
        Order(now);
        return null;
    }

    private void Reply()
    {
        if (answer is not null)
            works.Add(answer with { Version = State.Map.Version });
        answer = null;
    }

    private LeaderWork[] Drain()
    {
        var drained = works.ToArray();
        works.Clear();
        return drained;
    }
}
