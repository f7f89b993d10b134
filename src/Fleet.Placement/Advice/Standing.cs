using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;

namespace Fleet.Placement.Advice;

/// <summary>What one node carries.</summary>
/// <param name="Utilisation">The fuller dimension's part of its capacity; null where it has load and no capacity at all.</param>
public sealed record NodeLoad(NodeName Node, PlanNodeState State, int Vips, long Bps, double? Utilisation);

/// <summary>How a fleet stands with some placement.</summary>
/// <param name="Nodes">Sorted by name.</param>
/// <param name="Unserved">VIPs that nobody holds, sorted.</param>
public sealed record Standing(ImmutableArray<NodeLoad> Nodes, ImmutableArray<VipAddress> Unserved, ProtectionVerdict Protection)
{
    /// <summary>The node that is fullest, the first by name among equals; null when nothing carries anything.</summary>
    public NodeLoad? Fullest =>
        Nodes.Where(node => node.Vips > 0).OrderByDescending(node => node.Utilisation ?? double.PositiveInfinity).FirstOrDefault();

    /// <summary>Everything is served, and every failure that the protection covers may happen.</summary>
    public bool IsSound => Unserved.IsEmpty && Protection.Holds;

    /// <summary>As the problem has it: every VIP with its owner and the standbys named before.</summary>
    public static Standing AsItIs(PlacementProblem problem)
    {
        var live = problem.Nodes.Where(node => node.State != PlanNodeState.Down).Select(node => node.Name).ToHashSet();
        ImmutableArray<Assignment> assignments =
        [
            .. problem.Vips.Where(vip => vip.Owner is { } owner && live.Contains(owner)).OrderBy(vip => vip.Address).Select(Assigned),
        ];
        return Compute(problem, assignments, ProtectionProof.Check(problem, assignments));

        static Assignment Assigned(PlanVip vip) => new(vip.Address, vip.Owner!.Value, vip.Standbys);
    }

    public static Standing Compute(PlacementProblem problem, ImmutableArray<Assignment> assignments, ProtectionVerdict verdict)
    {
        var owners = assignments.ToDictionary(assignment => assignment.Address, assignment => assignment.Owner);
        var carried = problem.Vips.Where(vip => owners.ContainsKey(vip.Address)).ToLookup(vip => owners[vip.Address], vip => vip.Demand);
        return new Standing(
            [.. problem.Nodes.OrderBy(node => node.Name).Select(node => On(node, [.. carried[node.Name]]))],
            [.. problem.Vips.Select(vip => vip.Address).Where(address => !owners.ContainsKey(address)).Order()],
            verdict);
    }

    private static NodeLoad On(PlanNode node, Load[] demands)
    {
        var load = demands.Aggregate(Load.None, (sum, demand) => sum + demand);
        var utilisation = load.ShareOf(node.Capacity);
        return new NodeLoad(node.Name, node.State, demands.Length, load.Bps, double.IsFinite(utilisation) ? utilisation : null);
    }
}
