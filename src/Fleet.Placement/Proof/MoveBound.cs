using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// The least demand, in bit/s, that must change its owner so that every VIP lies where it may and no node is fuller than its ceiling. It is what
/// nobody has or its owner may not keep, and what every other node must give away, in whole VIPs, to come down.
/// </summary>
internal static class MoveBound
{
    /// <summary>A bound for every plan that does not exceed the ceilings.</summary>
    /// <param name="ceilingOf">The highest utilisation that is reached where the node is; 1 is full.</param>
    public static long Compute(PlacementProblem problem, Func<PlanNode, double> ceilingOf)
    {
        var nodes = new Dictionary<NodeName, PlanNode>();
        foreach (var node in problem.Nodes)
            nodes.TryAdd(node.Name, node);
        long moved = 0;
        var kept = new Dictionary<NodeName, List<Load>>();
        foreach (var vip in problem.Vips)
        {
            if (vip.Owner is not { } owner
                || !nodes.TryGetValue(owner, out var node)
                || node.State is PlanNodeState.Down or PlanNodeState.Draining
                || !vip.MayLieOn(node))
            {
                moved += vip.Demand.Bps;
                continue;
            }

            if (!kept.TryGetValue(owner, out var demands))
                kept.Add(owner, demands = []);
            demands.Add(vip.Demand);
        }

        return kept.Aggregate(moved, (sum, node) => sum + Above(node.Value, nodes[node.Key], ceilingOf(nodes[node.Key])));
    }

    private static long Above(List<Load> demands, PlanNode node, double ceiling)
    {
        var carries = demands.Aggregate(Load.None, (sum, d) => sum + d);
        var room = new Load(RoomOf(node.Capacity.Bps, ceiling), RoomOf(node.Capacity.Cps, ceiling));
        return carries.FitsIn(room) ? 0 : LeastSubset.Find(demands, carries - room);
    }

    /// <summary>A ceiling is a quotient and was rounded: a load that is at it is not above it.</summary>
    private static long RoomOf(long capacity, double ceiling) => (long)Math.Min((ceiling * capacity * (1 + 1e-12)) + 1e-6, PlanNode.Unbounded);
}
