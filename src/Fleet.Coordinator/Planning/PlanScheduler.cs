using System.Collections.Immutable;
using Fleet.Coordinator.State;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Planning;

/// <summary>
/// Knows when a plan is due: when what placement depends on has changed since the last one was ordered, and none is being made. What follows from a plan, moves that end
/// where they were to and standbys that are named, asks for no other.
/// </summary>
public sealed class PlanScheduler
{
    private ImmutableSortedDictionary<NodeName, PlanNodeState> seen = ImmutableSortedDictionary<NodeName, PlanNodeState>.Empty;
    private long ordered;
    private bool underWay;

    /// <summary>Counts the changes that matter to placement.</summary>
    public long Changes { get; private set; } = 1;

    /// <summary>The newest plan that was made, also when it is outdated; null before the first.</summary>
    public PreparedPlan? Last { get; private set; }

    /// <summary>How long the newest took.</summary>
    public TimeSpan LastTook { get; private set; }

    /// <summary>Why the last try made none; null when it did.</summary>
    public string? Failure { get; private set; }

    /// <summary>Returns whether plans made before this entry are outdated.</summary>
    public bool Notice(JournalEntry entry)
    {
        if (!entry.Events.Any(Matters))
            return false;
        Changes++;
        return true;
    }

    /// <summary>The plan that is to be made now; null when none is.</summary>
    public PlanRequest? Order(FleetState state, Observed observed, Instant now)
    {
        var sight = PlanRequest.Seen(state, observed, now);
        if (!sight.SequenceEqual(seen))
        {
            seen = sight;
            Changes++;
        }

        if (underWay || ordered == Changes || state.Map.Vips.IsEmpty || state.Map.Nodes.IsEmpty)
            return null;
        (underWay, ordered) = (true, Changes);
        return new PlanRequest(Changes, state.Map, sight);
    }

    /// <summary>A plan has been made, or could not be. Returns what is to be followed of it: of an outdated one the standbys alone, for its moves were meant for another fleet.</summary>
    public PreparedPlan? Take(PreparedPlan? plan, TimeSpan took, string? failure)
    {
        underWay = false;
        (Last, LastTook, Failure) = (plan ?? Last, took, failure);
        return plan is not null && plan.Number != Changes ? plan with { Moves = [] } : plan;
    }

    private static bool Matters(FleetEvent happened) => happened switch
    {
        FleetEvent.PolicySet or FleetEvent.ServiceApplied or FleetEvent.ServiceRemoved => true,
        FleetEvent.NodeJoined or FleetEvent.NodeReturned or FleetEvent.NodeLost or FleetEvent.NodeIntended or FleetEvent.NodeForgotten => true,
        FleetEvent.VipsUnplaced or FleetEvent.HandoversCalledOff or FleetEvent.DemandMeasured => true,
        FleetEvent.VipsMoved e => e.Moves.Any(m => m.Reason is MoveReason.Placed or MoveReason.OwnerLost or MoveReason.OwnerCannotHold),
        _ => false,
    };
}
