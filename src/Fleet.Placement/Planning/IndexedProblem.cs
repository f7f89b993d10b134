using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Planning;

/// <summary>
/// A problem as arrays: nodes and VIPs are numbers, sorted by name and address, so that a plan does not depend on how they were listed.
/// </summary>
internal sealed class IndexedProblem
{
    public const int Nobody = -1;

    private const int Sample = 100;
    private const int SampleMin = 300;

    private readonly Dictionary<NodeName, int> _byName;
    private readonly int[][] _rings;

    public IndexedProblem(PlacementProblem problem)
    {
        Problem = problem;
        Nodes = [.. problem.Nodes.OrderBy(n => n.Name)];
        Vips = [.. problem.Vips.OrderBy(v => v.Address)];
        _byName = Nodes.Index().ToDictionary(n => n.Item.Name, n => n.Index);
        Capacity = [.. Nodes.Select(n => n.Capacity)];
        Limit = [.. Nodes.Select(problem.LimitOf)];
        OfCapacity = [.. Capacity.Select(c => Measure.By(c))];
        OfLimit = [.. Limit.Select(l => Measure.By(l))];
        Takes = [.. Nodes.Select(n => n.State == PlanNodeState.Up)];
        Demand = [.. Vips.Select(v => v.Demand)];
        (Domain, NodesOfDomain) = Grouped(Nodes.Select(n => (n.Site, n.Domain)));
        (Service, VipsOfService) = Grouped(Vips.Select(v => v.Service));
        (Class, var members) = Grouped(Vips.Select(v => (v.Site, v.Segment)));
        Eligible = [.. members.Select(m => EligibleFor(Vips[m[0]]))];
        _rings = [.. Eligible.Select(Ring)];
        MayLie = [.. Eligible.Select(nodes => Marked(nodes, Nodes.Length))];
        Owner = [.. Vips.Select(v => v.Owner is { } owner && _byName.TryGetValue(owner, out var node) ? node : Nobody)];
        Home = [.. Owner.Select((node, vip) => node != Nobody && MayStay(vip, node) ? node : Nobody)];
    }

    public PlacementProblem Problem { get; }

    public PlanNode[] Nodes { get; }

    public PlanVip[] Vips { get; }

    public Load[] Capacity { get; }

    public Load[] Limit { get; }

    public Measure[] OfCapacity { get; }

    public Measure[] OfLimit { get; }

    /// <summary>By node: it may be given VIPs and stand by.</summary>
    public bool[] Takes { get; }

    public Load[] Demand { get; }

    /// <summary>By node: its failure domain.</summary>
    public int[] Domain { get; }

    public int[][] NodesOfDomain { get; }

    /// <summary>By VIP.</summary>
    public int[] Service { get; }

    public int[][] VipsOfService { get; }

    /// <summary>By VIP: what it asks of a node, site and segment.</summary>
    public int[] Class { get; }

    /// <summary>By class: the nodes that may be given its VIPs.</summary>
    public int[][] Eligible { get; }

    /// <summary>By class, then by node: the same.</summary>
    public bool[][] MayLie { get; }

    /// <summary>By VIP: who has it now, whatever state that node is in, or <see cref="Nobody"/>.</summary>
    public int[] Owner { get; }

    /// <summary>By VIP: who has it now and may keep it, or <see cref="Nobody"/>.</summary>
    public int[] Home { get; }

    public int[] EligibleOf(int vip) => Eligible[Class[vip]];

    /// <summary>
    /// Some of many eligible nodes, different ones for every VIP: the best of a hundred picked at random is nearly the best of a thousand, for a
    /// tenth of the work. A caller that finds none that will do looks at all of them.
    /// </summary>
    public ReadOnlySpan<int> SampleOf(int vip)
    {
        var ring = _rings[Class[vip]];
        return ring.Length <= SampleMin ? ring : ring.AsSpan((int)((uint)vip * 2_654_435_761u % (uint)(ring.Length - Sample)), Sample);
    }

    /// <summary>The standbys a VIP has had so far, without those that may no longer stand by.</summary>
    public IEnumerable<int> Named(int vip)
    {
        foreach (var name in Vips[vip].Standbys)
        {
            if (_byName.TryGetValue(name, out var node) && MayLie[Class[vip]][node])
                yield return node;
        }
    }

    private bool MayStay(int vip, int node) => Nodes[node].State is (PlanNodeState.Up or PlanNodeState.Cordoned) && Vips[vip].MayLieOn(Nodes[node]);

    private int[] EligibleFor(PlanVip vip) => [.. Enumerable.Range(0, Nodes.Length).Where(n => Takes[n] && vip.MayLieOn(Nodes[n]))];

    private static bool[] Marked(int[] nodes, int count)
    {
        var marked = new bool[count];
        foreach (var node in nodes)
            marked[node] = true;
        return marked;
    }

    /// <summary>In random order, with the first ones once more at the end, so that every sample is one piece.</summary>
    private static int[] Ring(int[] nodes)
    {
        if (nodes.Length <= SampleMin)
            return nodes;
        var chance = new Chance(42);
        var ring = nodes.ToArray();
        for (var i = ring.Length - 1; i > 0; i--)
        {
            var other = chance.Below(i + 1);
            (ring[i], ring[other]) = (ring[other], ring[i]);
        }

        return [.. ring, .. ring[..Sample]];
    }

    /// <summary>Numbers the distinct keys in order of first appearance: by item its key's number, by key its items.</summary>
    private static (int[] OfItem, int[][] Items) Grouped<TKey>(IEnumerable<TKey> keys)
        where TKey : notnull
    {
        var numbers = new Dictionary<TKey, int>();
        var items = new List<List<int>>();
        var ofItem = ImmutableArray.CreateBuilder<int>();
        foreach (var key in keys)
        {
            if (!numbers.TryGetValue(key, out var number))
            {
                numbers[key] = number = items.Count;
                items.Add([]);
            }

            items[number].Add(ofItem.Count);
            ofItem.Add(number);
        }

        return ([.. ofItem], [.. items.Select(list => list.ToArray())]);
    }
}
