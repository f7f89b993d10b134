using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>The least demand in bit/s that a node must give away, in whole VIPs, to lose so much in each dimension.</summary>
internal static class LeastSubset
{
    private const int StepsMax = 20_000;

    /// <summary>How near to the excess a subset must come for the excess itself to be returned: looking on would gain nothing.</summary>
    private const double Near = 1.002;

    /// <summary>A bound: exact for bit/s where the search ends, and for connections as if VIPs could be divided.</summary>
    public static long Find(List<Load> demands, Load excess) => Math.Max(Whole(demands, excess.Bps), Divided(demands, excess.Cps));

    private static long Whole(List<Load> demands, long excess)
    {
        if (excess <= 0)
            return 0;
        var sorted = demands.Select(d => d.Bps).OrderDescending().ToArray();
        var after = new long[sorted.Length + 1];
        for (var i = sorted.Length - 1; i >= 0; i--)
            after[i] = after[i + 1] + sorted[i];
        var (least, steps) = (after[0], 0);
        Choose(0, 0);
        if (least <= excess * Near)
            return excess;
        return steps < StepsMax ? least : Math.Max(excess, Smallest(sorted, excess));

        void Choose(int from, long sum)
        {
            if (sum >= excess)
            {
                least = Math.Min(least, sum);
                return;
            }

            if (from == sorted.Length || sum + after[from] < excess || least <= excess * Near || ++steps >= StepsMax)
                return;
            if (sum + sorted[from] < least)
                Choose(from + 1, sum + sorted[from]);
            Choose(from + 1, sum);
        }
    }

    /// <summary>At least q VIPs go, q being how many of the largest it takes, and so at least as much as the q smallest.</summary>
    private static long Smallest(long[] sorted, long excess)
    {
        var count = 0;
        for (long largest = 0; largest < excess; count++)
            largest += sorted[count];
        return sorted[^count..].Sum();
    }

    /// <summary>Those with the fewest bit/s for their connections first, the last one in part.</summary>
    private static long Divided(List<Load> demands, long excess)
    {
        double bps = 0;
        foreach (var demand in demands.Where(d => d.Cps > 0).OrderBy(d => (double)d.Bps / d.Cps))
        {
            if (excess <= 0)
                break;
            bps += demand.Bps * Math.Min(1, (double)excess / demand.Cps);
            excess -= demand.Cps;
        }

        return (long)(bps * (1 - 1e-9));
    }
}
