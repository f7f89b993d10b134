using System.Collections.Immutable;

namespace Fleet.Placement.Advice;

/// <summary>
/// How many nodes to buy. The survivors must carry the target, so a fleet is what works plus what may fail. That bounds the size of a VIP. Placement
/// is even to within one VIP, and each failure spreads a node's load over the others, again even to within one VIP. So a survivor carries at most
/// <c>a + b × share</c>, with <c>a</c> its even part of the target and <c>b</c> the lumps that add up; that must fit.
/// </summary>
public static class Advisor
{
    /// <summary>The largest fleet that is considered.</summary>
    public const int NodesMax = 100_000;

    private static readonly int[] Protections = [0, 1, 2, 4];

    /// <summary>False, with the reason, for a wish that no fleet can fulfil.</summary>
    public static bool TrySize(Wish wish, out Sizes sizes, out string reason)
    {
        (sizes, reason) = (new Sizes(wish, []), "");
        if (wish.UsableBps <= 0)
            reason = "Nothing of a node may be used.";
        else if (Working(wish) > NodesMax)
            reason = $"It takes more than {NodesMax} nodes to carry that.";
        if (reason.Length > 0)
            return false;
        var rows = Protections.Select(k => AnyNodes(wish, k)).ToImmutableArray();
        if (wish.Domains >= 2)
            rows = rows.Add(AnyDomain(wish));
        sizes = new Sizes(wish, rows);
        return true;
    }

    private static int Working(Wish wish) => (int)Math.Clamp(Math.Ceiling((decimal)wish.TargetBps / wish.UsableBps), 1, NodesMax + 1);

    private static FleetSize AnyNodes(Wish wish, int k)
    {
        var nodes = Working(wish) + k;
        // One node after the other: each spreads what it has by then over those that are left.
        var lumps = 1.0;
        for (var left = nodes; left > nodes - k; left--)
            lumps = (lumps * left / (left - 1)) + 1;
        return Size(wish, nodes, k, null, lumps, perNode => Steps(perNode, nodes, k));
    }

    /// <summary>The smallest fleet that can do without its largest domain, with the nodes spread evenly.</summary>
    private static FleetSize AnyDomain(Wish wish)
    {
        var working = Working(wish);
        var nodes = working + 1;
        while (nodes - Largest(nodes) < working)
            nodes++;
        var lost = Largest(nodes);
        return Size(wish, nodes, lost, wish.Domains, ((double)nodes / (nodes - lost)) + 1, perNode => perNode + Shared(perNode * lost, nodes - lost));

        int Largest(int of) => Shared(of, wish.Domains);
    }

    private static FleetSize Size(Wish wish, int nodes, int failures, int? domains, double lumps, Func<int, int> onASurvivor)
    {
        var working = Working(wish);
        var after = (double)wish.TargetBps / (nodes - failures);
        var share = Math.Max(0, (wish.UsableBps - after) / lumps) / wish.ApplianceBps;
        return new FleetSize(
            nodes,
            failures,
            domains,
            working,
            100.0 * (nodes - working) / working,
            (double)wish.TargetBps / nodes / wish.ApplianceBps,
            after / wish.ApplianceBps,
            100.0 / nodes,
            100.0 * failures / nodes,
            share,
            Vips(wish, nodes, share),
            EqualVips(wish, nodes, onASurvivor));
    }

    private static int? Vips(Wish wish, int nodes, double share)
    {
        var largest = Math.Min(share, wish.ShareMax) * wish.ApplianceBps;
        var needed = largest < 1 ? double.PositiveInfinity : Math.Ceiling(wish.TargetBps / largest);
        return needed > ShareSizing.VipsMax ? null : nodes * Math.Max(1, Shared((int)needed, nodes));
    }

    /// <summary>How few VIPs would do, as many on each node, so that no survivor is overloaded.</summary>
    private static int? EqualVips(Wish wish, int nodes, Func<int, int> onASurvivor)
    {
        for (var perNode = 1; (long)perNode * nodes <= ShareSizing.VipsMax; perNode++)
        {
            if ((decimal)onASurvivor(perNode) * wish.TargetBps <= (decimal)wish.UsableBps * perNode * nodes)
                return perNode * nodes;
        }

        return null;
    }

    private static int Steps(int perNode, int nodes, int k)
    {
        for (var left = nodes - 1; left >= nodes - k; left--)
            perNode += Shared(perNode, left);
        return perNode;
    }

    private static int Shared(int things, int over) => (things + over - 1) / over;
}
