using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>
/// The leader of a term, without clock, network or disk: inputs go in, works come out. An entry that it returns must be in the journal, and then be
/// given back to <see cref="Commit"/>, before the next input. Call <see cref="Abandon"/> for an entry that could not be written, and
/// <see cref="Doubt"/> for one whose outcome is not known yet.
/// </summary>
internal sealed class Leader
{
    private readonly Outbox _outbox = new();
    private readonly PlanScheduler _scheduler = new();
    private readonly Roster _roster;
    private readonly NodeSessions _sessions;
    private readonly CommandHandler _commands;
    private readonly LeaderPace _pace;
    private bool _news = true;
    private (Observed Observed, LeaderInput.Asked? Asked) _before;

    /// <param name="rightsOf">What each principal may do; <see cref="Rights.Of"/> unless given.</param>
    public Leader(long term, FleetState state, Instant now, Func<Principal, Rights>? rightsOf = null)
    {
        Term = term;
        State = state;
        _pace = new LeaderPace(now);
        _roster = new Roster(now);
        _roster.LookAtSites(state.Map, state, now);
        _sessions = new NodeSessions(term, _roster, _outbox);
        _commands = new CommandHandler(_scheduler, _outbox, rightsOf ?? Rights.Of);
    }

    public FleetState State { get; private set; }

    public Observed Observed => _roster.Observed;

    public long Term { get; }

    /// <summary>The entry that may or may not be in the journal, and since when; null when all is well.</summary>
    public (long Revision, Instant Since)? InDoubt { get; private set; }

    /// <summary>The latest time for the next step, with a <see cref="LeaderInput.Tick"/> if nothing else comes.</summary>
    public Instant Due => _pace.Due(
        _news || InDoubt is not null || _sessions.IsAnyWaiting || _roster.IsQueryingWitnesses, _roster.CalmUntil);

    /// <summary>The newest plan and what the proof says of it.</summary>
    public PlanScheduler Planning => _scheduler;

    public LeaderStep Step(LeaderInput input, Instant now, DateTimeOffset wall)
    {
        _pace.Step(now);
        _before = (Observed, input as LeaderInput.Asked);
        _roster.Step(State.LongestLease, now);
        var (by, events) = Take(input, now);
        _sessions.SendFull(State.Map, now);
        // Replies are judged before witnesses are asked anew.
        var entry = Reconcile(by, events, now, wall);
        _sessions.QueryWitnesses(State, now);
        if (entry is null)
            _outbox.Reply(State.Map.Version);
        return new LeaderStep(_outbox.Drain(), entry);
    }

    /// <summary>The entry is in the journal: fold it, tell the nodes, answer the asker.</summary>
    public IReadOnlyList<LeaderWork> Commit(JournalEntry entry, Instant now)
    {
        var parent = State.Map;
        (State, var touched) = Evolver.Apply(State, entry);
        Forget();
        _roster.Notice(parent, State.Map, touched, now);
        _roster.Agree(State.Map);
        _roster.LookAtSites(parent, State, now);
        _sessions.SendChange(parent, State.Map, touched);
        foreach (var happened in entry.Events)
        {
            if (happened is FleetEvent.NodeForgotten gone)
                _sessions.Dismiss(gone.Node);
            _roster.Remember(happened, entry.Revision, now);
            _scheduler.Notice(happened);
        }

        _roster.Follow(_scheduler.Follow(Observed.Plan, State.Map));
        RequestPlan(now);
        _news = true;
        _outbox.Reply(State.Map.Version);
        return _outbox.Drain();
    }

    /// <summary>
    /// It is not known whether the entry is in the journal. Nodes that it calls lost get no acknowledgement until it is committed after all, or
    /// <see cref="Forget"/> reports that it never was: their VIPs may be another's by now. Returns the answer that has to wait; null if nobody asked.
    /// </summary>
    public LeaderWork.Answer? Doubt(JournalEntry entry, Instant now)
    {
        InDoubt = (entry.Revision, now);
        _sessions.Doubted = [.. entry.Events.OfType<FleetEvent.NodeLost>().Select(e => e.Node)];
        return _outbox.TakeAnswer();
    }

    /// <summary>The entry that was in doubt was never written.</summary>
    public void Forget() => (_sessions.Doubted, InDoubt) = ([], null);

    /// <summary>The entry could not be written: nothing has happened.</summary>
    public IReadOnlyList<LeaderWork> Abandon(string reason)
    {
        if (_outbox.Answer is { } waiting)
            _outbox.Answer = waiting with { Decision = Decision.Refuse(RefusalKind.Unavailable, reason) };
        _outbox.Reply(State.Map.Version);
        return _outbox.Drain();
    }

    /// <summary>
    /// The step threw: nothing has happened. What it had already found out to send still goes out, the asker is refused, and a node whose message
    /// caused it is cut off.
    /// </summary>
    public IReadOnlyList<LeaderWork> Recover(LeaderInput input, string id)
    {
        _roster.Restore(_before.Observed);
        _outbox.DropComparisons();
        _outbox.Answer = _before.Asked is not { } asked ? null : new LeaderWork.Answer(
            asked.Origin,
            new Decision.Refused(
                RefusalKind.Failed, $"The coordinator could not decide this, and nothing was changed; its log says more under {id}.", id),
            State.Map.Version);
        if (input is LeaderInput.Said said)
            _outbox.Close(said.Connection);
        _outbox.Reply(State.Map.Version);
        return _outbox.Drain();
    }

    /// <summary>What the input itself brings about, and who wanted it.</summary>
    private (Principal By, ImmutableArray<FleetEvent> Events) Take(LeaderInput input, Instant now)
    {
        switch (input)
        {
            case LeaderInput.Said said:
                _news |= _sessions.Hear(said, State, now);
                return (Principal.Leader, []);
            case LeaderInput.Parted parted:
                _sessions.Part(parted.Connection);
                _news = true;
                return (Principal.Leader, []);
            case LeaderInput.Asked asked:
                return Decided(asked, _commands.Decide(asked, State, Observed, now));
            case LeaderInput.ProtectionCompared compared when _commands.TakeWaiting(compared) is { } waiting:
                _before.Asked = waiting.Asked;
                return Decided(waiting.Asked, _commands.TakeComparison(waiting, compared, State, Observed, now));
            case LeaderInput.Planned planned:
                _roster.Follow(_scheduler.Take(planned.Plan, planned.Took, planned.Failure) ?? Observed.Plan);
                _news = true;
                return (Principal.Leader, []);
            case LeaderInput.Tick:
                _news |= _roster.HasProven;
                return (Principal.Leader, []);
            default:
                return (Principal.Leader, []);
        }
    }

    private (Principal By, ImmutableArray<FleetEvent> Events) Decided(LeaderInput.Asked asked, ImmutableArray<FleetEvent> events)
    {
        _news |= _outbox.Answer is not null;
        return (asked.By, events);
    }

    /// <summary>The entry to write now: the decided events, and those that follow by the rules; null when there are none.</summary>
    private JournalEntry? Reconcile(Principal by, ImmutableArray<FleetEvent> decided, Instant now, DateTimeOffset wall)
    {
        if (decided.IsEmpty && !_news && !_pace.MustReconcile(now))
            return null;
        _news = false;
        _pace.MarkReconciled(now);
        _roster.LookAtLoads(State, now);
        _roster.FenceDue(State, now);
        var events = decided.AddRange(Reconciler.Reconcile(Evolver.Evolve(State, decided), Observed, now));
        if (!events.IsEmpty)
            return new JournalEntry(State.Map.Version.Revision + 1, Term, wall, by, events);
        _roster.Agree(State.Map);
        _roster.Weighed(now);
        RequestPlan(now);
        return null;
    }

    private void RequestPlan(Instant now)
    {
        if (_scheduler.NextRequest(State, Observed, now) is { } request)
            _outbox.Add(new LeaderWork.Plan(request));
    }
}
