using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Plans;

/// <summary>
/// Knows when a plan is due: something that placement depends on has changed since the last plan was ordered, and none is being made. The results of
/// a plan itself (moves that end where they were to, standbys that are named) do not make another plan due.
/// </summary>
internal sealed class PlanScheduler
{
    private ImmutableSortedDictionary<NodeName, PlanNodeState> _seen = ImmutableSortedDictionary<NodeName, PlanNodeState>.Empty;
    private long _ordered;
    private bool _underWay;
    private bool _isOutdated;

    /// <summary>Counts the changes that matter to placement.</summary>
    public long Changes { get; private set; } = 1;

    /// <summary>The newest plan that was made, even when it is outdated; null before the first.</summary>
    public PreparedPlan? Last { get; private set; }

    /// <summary>How long the newest took.</summary>
    public TimeSpan LastTook { get; private set; }

    /// <summary>Why the last try made no plan; null when it made one.</summary>
    public string? Failure { get; private set; }

    /// <summary>Something has happened: plans made before may be outdated.</summary>
    public void Notice(FleetEvent happened) => _isOutdated |= Matters(happened);

    /// <summary>What is left of a plan to follow in this map: only the standbys, if later events have outdated the plan.</summary>
    public PreparedPlan? Follow(PreparedPlan? followed, FleetMap map)
    {
        var left = followed?.Left(map);
        if (!_isOutdated)
            return left;
        _isOutdated = false;
        Changes++;
        return left is null ? null : left with { Moves = [] };
    }

    /// <summary>The plan that is to be made now; null when none is.</summary>
    public PlanRequest? NextRequest(FleetState state, Observed observed, Instant now)
    {
        var seen = PlanRequest.Seen(state, observed, now);
        if (!seen.SequenceEqual(_seen))
        {
            _seen = seen;
            Changes++;
        }

        if (_underWay || _ordered == Changes || state.Map.Vips.IsEmpty || state.Map.Nodes.IsEmpty)
            return null;
        (_underWay, _ordered) = (true, Changes);
        return new PlanRequest(Changes, state.Map, seen);
    }

    /// <summary>
    /// A plan has been made, or could not be. Returns what is to be followed of it. Of an outdated plan that is only the standbys, because its moves
    /// were meant for another fleet.
    /// </summary>
    public PreparedPlan? Take(PreparedPlan? plan, TimeSpan took, string? failure)
    {
        _underWay = false;
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
