using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>
/// Takes commands to their answers. A command is decided, proved elsewhere if it may break the protection, and answered once its events are in the
/// journal.
/// </summary>
internal sealed class CommandHandler(PlanScheduler scheduler, Outbox outbox, Func<Principal, Rights> rightsOf)
{
    private readonly ProtectionGate _gate = new();

    /// <summary>Returns the command's events: none when it is refused, or waits for its proof.</summary>
    public ImmutableArray<FleetEvent> Decide(LeaderInput.Asked asked, FleetState state, Observed observed, Instant now, int tries = 0)
    {
        var decision = AskDecider(asked, state, observed, now);
        if (asked.Origin is RequestOrigin.FromConfiguration || decision is not Decision.Accepted { Events.IsEmpty: false } accepted)
            return Conclude(asked, decision, state);
        var after = Evolver.Evolve(state, accepted.Events);
        if (!ProtectionGate.Concerns(asked.Command, state, after))
            return Conclude(asked, decision, state);
        outbox.Add(_gate.Ask(asked, tries + 1, new PlanRequest(scheduler.Changes, state.Map, PlanRequest.Seen(state, observed, now)), after.Map));
        return [];
    }

    /// <summary>The command that waits for this comparison; null where none does any more.</summary>
    public ProtectionGate.Case? TakeWaiting(LeaderInput.ProtectionCompared compared) => _gate.Take(compared.Ticket);

    /// <summary>Decides the command anew for the fleet as it is now. The comparison counts if nothing that matters has changed since.</summary>
    public ImmutableArray<FleetEvent> TakeComparison(
        ProtectionGate.Case waiting, LeaderInput.ProtectionCompared compared, FleetState state, Observed observed, Instant now)
    {
        var (asked, tries, changes) = waiting;
        if (changes != scheduler.Changes)
        {
            return tries < ProtectionGate.TriesMax
                ? Decide(asked, state, observed, now, tries)
                : Conclude(
                    asked, Decision.Refuse(RefusalKind.Conflict, "The fleet is changing faster than this can be judged: try again."), state);
        }

        var decision = AskDecider(asked, state, observed, now);
        if (decision is not Decision.Accepted accepted)
            return Conclude(asked, decision, state);
        var after = Evolver.Evolve(state, accepted.Events);
        return Conclude(asked, ProtectionGate.Rule(accepted, compared, after.Map.Policy, asked.Force), state);
    }

    /// <summary>Decides a command as it was asked: by whom, for which version of the fleet, with force or without.</summary>
    private Decision AskDecider(LeaderInput.Asked asked, FleetState state, Observed observed, Instant now)
    {
        if (rightsOf(asked.By).Refusal(asked.By, asked.Force) is { } forbidden)
            return forbidden;
        return asked.IfVersion is { } wanted && wanted != state.Map.Version
            ? Decision.Refuse(RefusalKind.Stale, $"The fleet is at {state.Map.Version}, not at {wanted}: look again.")
            : Decider.Decide(state, observed, asked.Command, now);
    }

    /// <summary>The answer goes out once the events, if there are any, are in the journal.</summary>
    private ImmutableArray<FleetEvent> Conclude(LeaderInput.Asked asked, Decision decision, FleetState state)
    {
        outbox.Answer = new LeaderWork.Answer(asked.Origin, decision, state.Map.Version);
        return decision is Decision.Accepted accepted ? accepted.Events : [];
    }
}
