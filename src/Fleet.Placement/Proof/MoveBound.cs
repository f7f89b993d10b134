using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// The least demand, in bit/s, that must change its owner so that every VIP lies where it may and no node is fuller than a ceiling: what nobody has or its owner may not
/// keep, and of every other node what it carries above the ceiling. As VIPs move whole, a node gives away at least q of them, q being the number of its largest that it takes,
/// and so at least its q smallest.
/// </summary>
internal static class MoveBound
{
    /// <summary>A bound for every plan that does not exceed the ceiling.</summary>
    /// <param name="ceiling">The highest utilisation that is reached; 1 is full.</param>
    public static long Of(PlacementProblem problem, double ceiling)
    {
        var nodes = new Dictionary<NodeName, PlanNode>();
        foreach (var node in problem.Nodes)
            nodes.TryAdd(node.Name, node);
        long moved = 0;
        var kept = new Dictionary<NodeName, List<long>>();
        foreach (var vip in problem.Vips)
        {
            if (vip.Owner is not { } owner || !nodes.TryGetValue(owner, out var node) || node.State is PlanNodeState.Down or PlanNodeState.Draining || !vip.MayLieOn(node))
            {
                moved += vip.Demand.Bps;
                continue;
            }

            if (!kept.TryGetValue(owner, out var demands))
                kept.Add(owner, demands = []);
            demands.Add(vip.Demand.Bps);
        }

        return kept.Aggregate(moved, (sum, node) => sum + Above(node.Value, RoomOf(nodes[node.Key], ceiling)));
    }

    /// <summary>A ceiling is a quotient and was rounded: a load that is at it is not above it.</summary>
    private static long RoomOf(PlanNode node, double ceiling) => (long)((ceiling * node.Capacity.Bps * (1 + 1e-12)) + 1e-6);

    private static long Above(List<long> demands, long room)
    {
        var excess = demands.Sum() - room;
        if (excess <= 0)
            return 0;
        demands.Sort();
        var count = 0;
        for (long largest = 0; largest < excess && count < demands.Count; count++)
            largest += demands[^(count + 1)];
        return Math.Max(excess, demands.Take(count).Sum());
    }
}
