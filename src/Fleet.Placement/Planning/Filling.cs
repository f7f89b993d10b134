namespace Fleet.Placement.Planning;

/// <summary>
/// Gives VIPs of the fullest nodes to nodes that carry less than half of what they should. A new node gets its part even when VIPs are so large that
/// the fullest node stays as full as it is. Each step leaves the fuller of the two emptier by more than the hysteresis, so it ends.
/// </summary>
internal sealed class Filling(Layout layout, Band band)
{
    private const double Empty = 0.5;

    private readonly IndexedProblem _instance = layout.Instance;

    /// <summary>Some node is so empty that it is to be filled.</summary>
    public bool IsCalledFor => Enumerable.Range(0, _instance.Nodes.Length).Any(IsEmpty);

    public void Fill()
    {
        var spread = new Spread(layout);
        foreach (var node in Enumerable.Range(0, _instance.Nodes.Length).Where(IsEmpty).ToArray())
        {
            while (layout.Fullness(node) < 1 && Best(node, spread) is { } vip)
            {
                layout.Move(vip, node);
                spread = new Spread(layout);
            }
        }
    }

    private bool IsEmpty(int node) => _instance.Takes[node] && layout.Fullness(node) < Empty;

    /// <summary>
    /// A VIP of the fullest node that has one to give: of the service with the fewest VIPs here and the most there, the largest first.
    /// </summary>
    private int? Best(int node, Spread spread)
    {
        var donors = Enumerable.Range(0, _instance.Nodes.Length).Where(n => n != node && layout.On(n).Count > 0).OrderByDescending(layout.Fullness);
        foreach (var donor in donors)
        {
            if (layout.Fullness(donor) <= layout.Fullness(node) + band.Gain)
                return null;
            var fitting = layout.On(donor).Where(v => Helps(v, donor, node)).ToArray();
            if (fitting.Length > 0)
                return fitting.OrderBy(v => On(v, node) - On(v, donor)).ThenByDescending(v => _instance.Demand[v].Bps).ThenBy(v => v).First();
        }

        return null;

        int On(int vip, int where) => spread.ForService(_instance.Service[vip]).OnNode[where];
    }

    private bool Helps(int vip, int donor, int node)
    {
        var after = layout.LoadOf(node) + _instance.Demand[vip];
        return _instance.MayLie[_instance.Class[vip]][node]
            && after.FitsIn(_instance.Limit[node])
            && layout.Fullness(node, after) <= layout.Fullness(donor) - band.Gain;
    }
}
