using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Placement.Model;

/// <summary>Everything a plan depends on. The order in which nodes and VIPs are listed does not matter to any answer.</summary>
public sealed record PlacementProblem
{
    public required Protection Protection { get; init; }

    public PlacementPolicy Policy { get; init; } = PlacementPolicy.Default;

    public required ImmutableArray<PlanNode> Nodes { get; init; }

    public required ImmutableArray<PlanVip> Vips { get; init; }

    /// <summary>
    /// What a node may carry in normal times and after every failure of the protection: the policy's part of its capacity, rounded down.
    /// </summary>
    public Load LimitOf(PlanNode node) => new(Part(node.Capacity.Bps), Part(node.Capacity.Cps));

    private long Part(long capacity) => capacity >= PlanNode.Unbounded ? PlanNode.Unbounded : (long)(capacity * Protection.UtilisationMax);
}
