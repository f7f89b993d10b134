using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>
/// The utilisation every node would have if VIPs were water: the same everywhere, except where VIPs that may lie nowhere else fill a site or segment
/// higher. Those nodes are set apart with their VIPs, and the rest is levelled without them (the decomposition by densest sets, as in max-min fair
/// allocation).
/// </summary>
internal static class Levels
{
    /// <summary>By node; 1 where nothing asks for anything, so that fullness is always defined.</summary>
    public static double[] Find(IndexedProblem instance)
    {
        var level = new double[instance.Nodes.Length];
        Array.Fill(level, 1);
        var nodes = Enumerable.Range(0, level.Length).Where(n => instance.Takes[n]).ToHashSet();
        var classes = Enumerable.Range(0, instance.Eligible.Length).ToHashSet();
        var demand = DemandOfClasses(instance);
        while (nodes.Count > 0 && Densest(instance, nodes, classes, demand) is { Height: > 0 } densest)
        {
            foreach (var node in densest.Nodes)
                level[node] = densest.Height;
            nodes.ExceptWith(densest.Nodes);
            classes.RemoveWhere(c => !instance.Eligible[c].Any(nodes.Contains));
        }

        return level;
    }

    /// <summary>VIPs that a cordoned node keeps are not to be levelled.</summary>
    private static Load[] DemandOfClasses(IndexedProblem instance)
    {
        var demand = new Load[instance.Eligible.Length];
        for (var vip = 0; vip < instance.Vips.Length; vip++)
        {
            var home = instance.Home[vip];
            if (home == IndexedProblem.Nobody || instance.Takes[home])
                demand[instance.Class[vip]] += instance.Demand[vip];
        }

        return demand;
    }

    /// <summary>The node set that is filled highest by what must lie inside it, among the classes' node sets and the set of all nodes.</summary>
    private static (int[] Nodes, double Height)? Densest(IndexedProblem instance, HashSet<int> nodes, HashSet<int> classes, Load[] demand)
    {
        (int[] Nodes, double Height)? densest = null;
        foreach (var set in classes.Order().Select(c => instance.Eligible[c]).Append([.. nodes]))
        {
            var inside = set.Where(nodes.Contains).ToHashSet();
            if (inside.Count == 0)
                continue;
            var asked = classes
                .Where(c => instance.Eligible[c].All(n => !nodes.Contains(n) || inside.Contains(n)))
                .Aggregate(Load.None, (sum, c) => sum + demand[c]);
            var capacity = inside.Aggregate(Load.None, (sum, n) => sum + Bounded(instance.Capacity[n], instance.Nodes.Length));
            if (densest is null || asked.ShareOf(capacity) > densest.Value.Height)
                densest = ([.. inside.Order()], asked.ShareOf(capacity));
        }

        return densest;
    }

    /// <summary>Unbounded capacities must not overflow when they are added up.</summary>
    private static Load Bounded(Load capacity, int nodes) =>
        new(Math.Min(capacity.Bps, long.MaxValue / 4 / nodes), Math.Min(capacity.Cps, long.MaxValue / 4 / nodes));
}
