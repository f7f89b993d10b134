namespace Fleet.Placement.Planning;

/// <summary>
/// Gives VIPs that have no owner to nodes, the largest demand first. Among nodes that stay below the ceiling: the one with the fewest VIPs of the
/// service, then in the domain with the fewest, then the emptiest. Where all would rise above it: the one that rises least.
/// </summary>
internal sealed class Placer(Layout layout, double ceiling)
{
    private readonly IndexedProblem _instance = layout.Instance;
    private readonly Spread _spread = new(layout);

    /// <summary>VIPs that no node may have stay without one.</summary>
    public void Place(IEnumerable<int> vips)
    {
        var largestFirst = vips.OrderByDescending(v => _instance.Demand[v].Bps).ThenByDescending(v => _instance.Demand[v].Cps)
            .ThenBy(v => _instance.Service[v]).ThenBy(v => v);
        foreach (var vip in largestFirst)
        {
            var node = Best(vip);
            if (node == IndexedProblem.Nobody)
                continue;
            layout.Put(vip, node);
            _spread.Noted(vip, node);
        }
    }

    private int Best(int vip)
    {
        var (node, isOver) = Best(vip, _instance.SampleOf(vip));
        return isOver ? Best(vip, _instance.EligibleOf(vip)).Node : node;
    }

    private (int Node, bool IsOver) Best(int vip, ReadOnlySpan<int> candidates)
    {
        var (onNode, inDomain) = _spread.ForService(_instance.Service[vip]);
        var demand = _instance.Demand[vip];
        var best = IndexedProblem.Nobody;
        var bestRank = default(Rank);
        foreach (var node in candidates)
        {
            var after = layout.LoadOf(node) + demand;
            var fullness = layout.Fullness(node, after);
            var isOver = fullness > ceiling || !after.FitsIn(_instance.Limit[node]);
            if (best != IndexedProblem.Nobody && (isOver ? bestRank.Over == 0 : bestRank.Over == 0 && onNode[node] > bestRank.OnNode))
                continue;
            var rank = isOver
                ? new Rank(1, 0, 0, fullness, layout.On(node).Count)
                : new Rank(0, onNode[node], inDomain[_instance.Domain[node]], fullness, layout.On(node).Count);
            if (best == IndexedProblem.Nobody || rank.IsBefore(bestRank))
                (best, bestRank) = (node, rank);
        }

        return (best, best == IndexedProblem.Nobody || bestRank.Over > 0);
    }

    private readonly record struct Rank(int Over, int OnNode, int InDomain, double Fullness, int Vips)
    {
        public bool IsBefore(in Rank other)
        {
            if (Over != other.Over)
                return Over < other.Over;
            if (OnNode != other.OnNode)
                return OnNode < other.OnNode;
            if (InDomain != other.InDomain)
                return InDomain < other.InDomain;
            return Fullness != other.Fullness ? Fullness < other.Fullness : Vips < other.Vips;
        }
    }
}
