using System.Collections.Immutable;
using Fleet.Coordinator.Backends;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.Ownership;
using Fleet.Coordinator.Plans;
using Fleet.Coordinator.Sites;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Core;

/// <summary>The events that follow from a state and its observations: a pure function that returns nothing once they have been applied.</summary>
internal delegate IEnumerable<FleetEvent> Rule(FleetState state, Observed observed, Instant now);

/// <summary>
/// Runs every rule in order, each on the state that the ones before have left, so that one entry takes a loss all the way to its new owners.
/// </summary>
internal static class Reconciler
{
    /// <summary>The order matters: who is there, what has been done, what must be saved, what would be better.</summary>
    private static readonly ImmutableArray<Rule> Rules =
    [
        Admission.Admit,
        LivenessRule.FindLost,
        SuspicionRule.FindSuspected,
        FlapDamping.Readmit,
        SiteHoldDown.Advance,
        WitnessChoice.Confirm,
        LeaseChange.Confirm,
        Arrivals.Confirm,
        UnheldVips.MoveOn,
        Handovers.Advance,
        UnreleasedVips.Free,
        Recovery.Recover,
        Departures.Forget,
        WitnessChoice.Name,
        DemandReporter.Tell,
        PlanExecutor.Begin,
        PlanExecutor.Name,
        VerdictSharing.Share,
        FeedbackReporter.Tell,
        HeadroomWeights.Weigh,
        OverflowReporter.Tell,
    ];

    public static ImmutableArray<FleetEvent> Reconcile(FleetState state, Observed observed, Instant now)
    {
        var revision = state.Map.Version.Revision + 1;
        var events = ImmutableArray.CreateBuilder<FleetEvent>();
        foreach (var rule in Rules)
        {
            foreach (var happened in rule(state, observed, now).ToArray())
            {
                OwnershipInvariant.Check(state, observed, happened);
                state = Evolver.Evolve(state, happened, revision);
                events.Add(happened);
            }
        }

        return events.ToImmutable();
    }
}
