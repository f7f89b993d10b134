using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>A node that a plan may leave something on.</summary>
/// <param name="KeptCount">How many VIPs it may hold at most: a cordoned node only those it has; any number otherwise.</param>
/// <param name="KeptDemand">What they ask for together.</param>
internal readonly record struct Host(PlanNode Node, long Limit, long Capacity, int KeptCount, long KeptDemand);

/// <summary>
/// One dimension of an eligibility class: the demands that are confined to it, and the nodes that may carry them. Bounds that count both say what no
/// placement can do.
/// </summary>
internal sealed class Confined
{
    /// <summary>Sums of the largest demands: how much the i largest ask for.</summary>
    private readonly long[] _largest;

    public Confined(PlacementProblem problem, EligibilityClass confines, Dimension dimension)
    {
        var vips = problem.Vips.Where(confines.Confines).ToArray();
        var demands = vips.Select(vip => vip.Demand.In(dimension)).ToArray();
        Array.Sort(demands, (left, right) => right.CompareTo(left));
        _largest = new long[demands.Length + 1];
        for (var i = 0; i < demands.Length; i++)
            _largest[i + 1] = _largest[i] + demands[i];
        var cordoned = problem.Nodes.Where(node => node.State == PlanNodeState.Cordoned).Select(node => node.Name).ToHashSet();
        var kept = vips.Where(vip => vip.Owner is { } owner && cordoned.Contains(owner))
            .ToLookup(vip => vip.Owner!.Value, vip => vip.Demand.In(dimension));
        Hosts = [.. problem.Nodes.Where(node => confines.Has(node) && node.State is PlanNodeState.Up or PlanNodeState.Cordoned)
            .OrderBy(node => node.Name)
            .Select(node => HostOf(problem, node, dimension, kept))];
        (Class, Dimension) = (confines, dimension);
    }

    public EligibilityClass Class { get; }

    public Dimension Dimension { get; }

    public Host[] Hosts { get; }

    public int Count => _largest.Length - 1;

    public long Demand => _largest[^1];

    /// <summary>
    /// Numbers of largest VIPs worth a pigeonhole bound: the first few, one more than every full round over <paramref name="hosts"/> nodes, and some
    /// between.
    /// </summary>
    public IEnumerable<int> Quantities(int hosts)
    {
        var rounds = Enumerable.Range(1, 12).Select(round => (long)(round * hosts) + 1);
        var growing = Enumerable.Range(0, 40).Select(i => (long)Math.Pow(1.5, i));
        return rounds.Concat(growing).Where(q => q <= Count).Distinct().Order().Select(q => (int)q);
    }

    /// <summary>
    /// How many of the <paramref name="quantity"/> largest VIPs a node can hold at most: as many as would fit of the smallest among them.
    /// </summary>
    public int Slots(in Host host, long room, int quantity)
    {
        var (fits, tooMany) = (0, quantity + 1);
        while (tooMany - fits > 1)
        {
            var count = (fits + tooMany) / 2;
            if (SmallestOf(quantity, count) <= room)
                fits = count;
            else
                tooMany = count;
        }

        return Math.Min(fits, host.KeptCount);
    }

    /// <summary>What the <paramref name="count"/> smallest of the <paramref name="quantity"/> largest ask for.</summary>
    public long SmallestOf(int quantity, int count) => _largest[quantity] - _largest[quantity - count];

    private static Host HostOf(PlacementProblem problem, PlanNode node, Dimension dimension, ILookup<NodeName, long> kept)
    {
        var (limit, capacity) = (problem.LimitOf(node).In(dimension), node.Capacity.In(dimension));
        return node.State == PlanNodeState.Up
            ? new Host(node, limit, capacity, int.MaxValue, long.MaxValue)
            : new Host(node, limit, capacity, kept[node.Name].Count(), kept[node.Name].Sum());
    }
}
