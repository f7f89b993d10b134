namespace Fleet.Placement.Planning;

/// <summary>
/// Chooses the VIPs that leave nodes which are too full: as little demand as brings the node down to the ceiling, largest first, then the smallest that closes the gap.
/// What is left between the ceiling and the tolerance is not worth a move.
/// </summary>
internal static class Relief
{
    /// <summary>Takes them from their owners and returns them.</summary>
    public static List<int> Shed(Layout layout, double ceiling, double tolerance)
    {
        var shed = new List<int>();
        for (var node = 0; node < layout.Instance.Nodes.Length; node++)
        {
            var isOverloaded = !layout.LoadOf(node).FitsIn(layout.Instance.Limit[node]);
            if (isOverloaded || (layout.Instance.Takes[node] && layout.Fullness(node) > tolerance))
                shed.AddRange(Of(layout, node, ceiling, tolerance));
        }

        return shed;
    }

    private static List<int> Of(Layout layout, int node, double ceiling, double tolerance)
    {
        var instance = layout.Instance;
        var shed = new List<int>();
        var left = layout.On(node).OrderByDescending(v => layout.Fullness(node, instance.Demand[v])).ThenBy(v => v).ToList();
        foreach (var vip in left.ToArray())
        {
            if (layout.Fullness(node, layout.LoadOf(node) - instance.Demand[vip]) >= ceiling)
                Take(vip);
        }

        while (left.Count > 1 && IsAbove(layout, node, tolerance))
        {
            var closing = left.FindLastIndex(v => layout.Fullness(node, layout.LoadOf(node) - instance.Demand[v]) <= tolerance);
            Take(left[closing < 0 ? 0 : closing]);
        }

        return shed;

        void Take(int vip)
        {
            layout.Take(vip);
            left.Remove(vip);
            shed.Add(vip);
        }
    }

    private static bool IsAbove(Layout layout, int node, double tolerance) =>
        layout.Fullness(node) > tolerance || !layout.LoadOf(node).FitsIn(layout.Instance.Limit[node]);
}
