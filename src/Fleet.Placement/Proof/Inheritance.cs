using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// What every survivor stands to inherit. Node j takes a VIP exactly when the VIP's owner and all standbys before j have failed; so for j a VIP is a weight on that
/// set of nodes, and after a failure F the load of j is its own plus the weights of all its sets that lie within F.
/// </summary>
internal sealed class Inheritance
{
    private readonly int[] from;
    private readonly int[] count;
    private readonly ulong[] sets;
    private readonly Load[] weights;

    /// <summary>Reads the placement once.</summary>
    /// <param name="sizeMax">Sets of more nodes cannot fail together.</param>
    public Inheritance(PlacedFleet fleet, int sizeMax)
    {
        from = new int[fleet.Nodes.Length + 1];
        count = new int[fleet.Nodes.Length];
        foreach (ref readonly var vip in fleet.Vips.AsSpan())
        {
            foreach (var heir in fleet.StandbysOf(vip)[..Math.Min(sizeMax, vip.StandbyCount)])
                from[heir + 1]++;
        }

        for (var i = 0; i < count.Length; i++)
            from[i + 1] += from[i];
        sets = new ulong[from[^1]];
        weights = new Load[from[^1]];
        foreach (ref readonly var vip in fleet.Vips.AsSpan())
        {
            var set = default(NodeSet).With(vip.Owner);
            foreach (var heir in fleet.StandbysOf(vip)[..Math.Min(sizeMax, vip.StandbyCount)])
            {
                var at = from[heir] + count[heir]++;
                (sets[at], weights[at]) = (set.Bits, vip.Demand);
                if (set.Size < NodeSet.SizeMax)
                    set = set.With(heir);
            }
        }

        for (var heir = 0; heir < count.Length; heir++)
            MergeEqualSets(heir);
    }

    public ReadOnlySpan<ulong> SetsOf(int heir) => sets.AsSpan(from[heir], count[heir]);

    public ReadOnlySpan<Load> WeightsOf(int heir) => weights.AsSpan(from[heir], count[heir]);

    /// <summary>What <paramref name="heir"/> inherits when exactly these nodes fail.</summary>
    public Load After(NodeSet failed, int heir)
    {
        var sum = Load.None;
        for (var i = from[heir]; i < from[heir] + count[heir]; i++)
        {
            if (new NodeSet(sets[i]).IsWithin(failed))
                sum += weights[i];
        }

        return sum;
    }

    private void MergeEqualSets(int heir)
    {
        Array.Sort(sets, weights, from[heir], count[heir]);
        var kept = from[heir];
        for (var i = from[heir]; i < from[heir] + count[heir]; i++)
        {
            if (kept > from[heir] && sets[kept - 1] == sets[i])
                weights[kept - 1] += weights[i];
            else
                (sets[kept], weights[kept++]) = (sets[i], weights[i]);
        }

        count[heir] = kept - from[heir];
    }
}
