using System.Collections.Immutable;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Placement.Advice;
using Fleet.Placement.Model;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Plans;

/// <summary>What a plan is made from: a fixed moment of the fleet, so that it can be planned elsewhere while the leader goes on.</summary>
/// <param name="Number">Comes back with the plan.</param>
/// <param name="Observed">Nodes that differ from what the map says, by what only the leader has seen.</param>
internal sealed record PlanRequest(long Number, FleetMap Map, ImmutableSortedDictionary<NodeName, PlanNodeState> Observed)
{
    /// <summary>A walk over all VIPs: not for the leader's step.</summary>
    public PlacementProblem Problem()
    {
        var problem = ProblemOf.Map(Map);
        return Observed.IsEmpty ? problem : problem with
        {
            Nodes = [.. problem.Nodes.Select(n => Observed.TryGetValue(n.Name, out var state) ? n with { State = state } : n)],
        };
    }

    /// <summary>Plans and proves: up to a second's work for the largest fleets.</summary>
    public PreparedPlan Prepare()
    {
        var planned = Planned.Compute(Problem());
        var plan = planned.Plan;
        var vips = Map.Vips;
        var assigned = plan.Assignments.ToDictionary(a => a.Address);
        return new PreparedPlan(
            Number,
            Map.Version,
            [
                .. from assignment in plan.Assignments
                   where vips.TryGetValue(assignment.Address, out var vip)
                       && vip.Destination == assignment.Owner
                       && !vip.Standbys.SequenceEqual(assignment.Standbys)
                   select new PreparedStandbys(assignment.Address, assignment.Owner, assignment.Standbys),
            ],
            [
                .. from move in plan.Moves
                   where move.From is not null
                   select new PreparedMove(move.Address, move.From!.Value, move.To, move.Reason, assigned[move.Address].Standbys),
            ],
            planned);
    }

    /// <summary>
    /// A node that said goodbye hands over what it has. One that keeps failing keeps what it has, and is given nothing by plan until it has been
    /// steady. The same goes for nodes that could not hold VIPs of late, while they are at most half of all nodes: a failure that most of them share
    /// is not their fault, and the rest could not take everything.
    /// </summary>
    public static ImmutableSortedDictionary<NodeName, PlanNodeState> Seen(FleetState state, Observed observed, Instant now)
    {
        var seen = ImmutableSortedDictionary.CreateBuilder<NodeName, PlanNodeState>();
        var failing = Failing(state, observed, now);
        foreach (var name in observed.Uneasy)
        {
            if (state.Map.Nodes.GetValueOrDefault(name) is not { Presence: NodePresence.Up } node)
                continue;
            if (observed.HandsOver(node))
                seen.Add(name, PlanNodeState.Draining);
            else if (FlapDamping.IsOnProbation(observed.Node(name), now) || observed.Node(name).Ill is not null || failing.Contains(name))
                seen.Add(name, PlanNodeState.Cordoned);
        }

        return seen.ToImmutable();
    }

    private static ImmutableHashSet<NodeName> Failing(FleetState state, Observed observed, Instant now)
    {
        var failing = observed.Uneasy
            .Where(n =>
                HoldFailures.Failing(observed.Node(n), now).Any() && state.Map.Nodes.GetValueOrDefault(n) is { } node && observed.TakesVips(node))
            .ToImmutableHashSet();
        return failing.IsEmpty || failing.Count * 2 > state.Map.Nodes.Values.Count(observed.TakesVips) ? [] : failing;
    }
}
