namespace Fleet.Placement.Planning;

/// <summary>
/// Chooses the VIPs that leave nodes which are too full: as little demand as brings the node down to the ceiling. Largest first while the node stays above it; then the one
/// VIP, or the exchange of a chosen one for a larger, that closes the gap with the least to spare.
/// </summary>
internal static class Relief
{
    /// <summary>Takes them from their owners and returns them.</summary>
    public static List<int> Shed(Layout layout, double ceiling)
    {
        var shed = new List<int>();
        for (var node = 0; node < layout.Instance.Nodes.Length; node++)
        {
            if (IsAbove(layout, node, layout.LoadOf(node), ceiling))
                shed.AddRange(Of(layout, node, ceiling));
        }

        foreach (var vip in shed)
            layout.Take(vip);
        return shed;
    }

    private static List<int> Of(Layout layout, int node, double ceiling)
    {
        var demand = layout.Instance.Demand;
        var kept = layout.On(node).OrderByDescending(v => layout.Fullness(node, demand[v])).ThenBy(v => v).ToList();
        var shed = new List<int>();
        var load = layout.LoadOf(node);
        foreach (var vip in kept.ToArray())
        {
            if (IsAbove(layout, node, load - demand[vip], ceiling))
                Give(vip);
        }

        while (kept.Count > 1 && IsAbove(layout, node, load, ceiling))
        {
            var (closing, back) = Closing(layout, node, load, ceiling, kept, shed);
            Give(closing);
            if (back == Instance.Nobody)
                continue;
            load += demand[back];
            shed.Remove(back);
            kept.Add(back);
        }

        return shed;

        void Give(int vip)
        {
            load -= demand[vip];
            kept.Remove(vip);
            shed.Add(vip);
        }
    }

    /// <summary>What to give, and what to take back for it, so that the node ends nearest below the ceiling; the largest when no one step gets there.</summary>
    private static (int Vip, int Back) Closing(Layout layout, int node, Model.Load load, double ceiling, List<int> kept, List<int> shed)
    {
        var demand = layout.Instance.Demand;
        var best = (Vip: kept[0], Back: Instance.Nobody);
        var highest = -1.0;
        foreach (var vip in kept)
        {
            Offer(vip, Instance.Nobody, load - demand[vip]);
            foreach (var back in shed)
                Offer(vip, back, load - demand[vip] + demand[back]);
        }

        return best;

        void Offer(int vip, int back, Model.Load after)
        {
            if (IsAbove(layout, node, after, ceiling) || layout.Fullness(node, after) <= highest)
                return;
            (best, highest) = ((vip, back), layout.Fullness(node, after));
        }
    }

    /// <summary>Nodes that take no VIPs keep what they have, up to their limit.</summary>
    private static bool IsAbove(Layout layout, int node, Model.Load load, double ceiling) =>
        (layout.Instance.Takes[node] && layout.Fullness(node, load) > ceiling) || !load.FitsIn(layout.Instance.Limit[node]);
}
