using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>
/// Chooses the VIPs that leave nodes which are too full: VIPs that have somewhere to go, with as few bit/s as bring the node down to the ceiling.
/// Among equal ones, VIPs of the service that the node has most of go. Nodes that take no VIPs keep what they have, up to their limit.
/// </summary>
internal sealed class Relief(Layout layout, double ceiling)
{
    private readonly IndexedProblem _instance = layout.Instance;

    /// <summary>Takes the chosen VIPs from their owners and returns them.</summary>
    public List<int> Shed()
    {
        var shed = new List<int>();
        var rooms = RoomOfClasses();
        for (var node = 0; node < _instance.Nodes.Length; node++)
        {
            if (IsAbove(node, layout.LoadOf(node)))
                shed.AddRange(ForNode(node, rooms));
        }

        foreach (var vip in shed)
            layout.Take(vip);
        return shed;
    }

    /// <summary>By class: how much its nodes could take in all, in parts of nodes.</summary>
    private double[] RoomOfClasses() =>
        [.. _instance.Eligible.Select(nodes => nodes.Sum(n => Math.Max(0, ceiling - layout.Fullness(n))))];

    private List<int> ForNode(int node, double[] rooms)
    {
        var byConnections = layout.IsFullerInConnections(node);
        var demand = _instance.Demand;
        var vips = layout.On(node)
            .GroupBy(v => _instance.Service[v])
            .SelectMany(service => service.Order().Index())
            .OrderByDescending(v => rooms[_instance.Class[v.Item]])
            .ThenByDescending(v => byConnections ? (double)demand[v.Item].Cps / Math.Max(1, demand[v.Item].Bps) : 0)
            .ThenByDescending(v => demand[v.Item].Bps).ThenByDescending(v => v.Index).ThenBy(v => v.Item)
            .Select(v => v.Item)
            .ToList();
        var roomiest = vips.TakeWhile(v => rooms[_instance.Class[v]] >= rooms[_instance.Class[vips[0]]]).ToList();
        var offered = IsAbove(node, layout.LoadOf(node) - Sum(roomiest)) ? vips : roomiest;
        return byConnections ? ByConnections(node, offered) : Least(node, offered);
    }

    /// <summary>
    /// The subset with the least bit/s without which the node is not above the ceiling: depth first, the largest first, until it is within a
    /// thousandth of what has to go, or enough has been tried.
    /// </summary>
    private List<int> Least(int node, List<int> vips)
    {
        const int StepsMax = 20_000;
        var (least, steps) = (long.MaxValue, 0);
        var (best, chosen) = (vips, new List<int>());
        var enough = EnoughBps(node);
        Choose(0, layout.LoadOf(node), 0);
        return [.. best];

        void Choose(int from, Load left, long given)
        {
            if (!IsAbove(node, left))
            {
                (least, best) = (given, [.. chosen]);
                return;
            }

            for (var i = from; i < vips.Count && least > enough && steps < StepsMax; i++)
            {
                steps++;
                var demand = _instance.Demand[vips[i]];
                if (given + demand.Bps >= least)
                    continue;
                chosen.Add(vips[i]);
                Choose(i + 1, left - demand, given + demand.Bps);
                chosen.RemoveAt(chosen.Count - 1);
            }
        }
    }

    /// <summary>So close above the least bit/s that could do that looking on gains nothing.</summary>
    private double EnoughBps(int node)
    {
        var load = layout.LoadOf(node);
        var excess = load.Bps * (1 - (ceiling / Math.Max(ceiling, layout.Fullness(node))));
        return 1.001 * Math.Max(excess, load.Bps - _instance.Limit[node].Bps);
    }

    /// <summary>Those with the most connections for their bit/s, and then the one that closes the gap with the fewest bit/s.</summary>
    private List<int> ByConnections(int node, List<int> vips)
    {
        var (left, shed) = (layout.LoadOf(node), new List<int>());
        foreach (var vip in vips.ToArray())
        {
            if (!IsAbove(node, left - _instance.Demand[vip]))
                continue;
            left -= _instance.Demand[vip];
            vips.Remove(vip);
            shed.Add(vip);
        }

        while (vips.Count > 0 && IsAbove(node, left))
        {
            var closing = vips.Where(v => !IsAbove(node, left - _instance.Demand[v])).DefaultIfEmpty(vips[0]).MinBy(v => _instance.Demand[v].Bps);
            left -= _instance.Demand[closing];
            vips.Remove(closing);
            shed.Add(closing);
        }

        return shed;
    }

    private Load Sum(List<int> vips) => vips.Aggregate(Load.None, (sum, v) => sum + _instance.Demand[v]);

    private bool IsAbove(int node, Load load) =>
        (_instance.Takes[node] && layout.Fullness(node, load) > ceiling) || !load.FitsIn(_instance.Limit[node]);
}
