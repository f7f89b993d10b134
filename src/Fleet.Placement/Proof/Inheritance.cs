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
            foreach (var successor in fleet.StandbysOf(vip)[..Math.Min(sizeMax, vip.StandbyCount)])
                from[successor + 1]++;
        }

        for (var i = 0; i < count.Length; i++)
            from[i + 1] += from[i];
        sets = new ulong[from[^1]];
        weights = new Load[from[^1]];
        foreach (ref readonly var vip in fleet.Vips.AsSpan())
        {
            var set = default(NodeSet).With(vip.Owner);
            foreach (var successor in fleet.StandbysOf(vip)[..Math.Min(sizeMax, vip.StandbyCount)])
            {
                var at = from[successor] + count[successor]++;
                (sets[at], weights[at]) = (set.Bits, vip.Demand);
                if (set.Size < NodeSet.SizeMax)
                    set = set.With(successor);
            }
        }

        for (var successor = 0; successor < count.Length; successor++)
            MergeEqualSets(successor);
    }

    public ReadOnlySpan<ulong> SetsOf(int successor) => sets.AsSpan(from[successor], count[successor]);

    public ReadOnlySpan<Load> WeightsOf(int successor) => weights.AsSpan(from[successor], count[successor]);

    /// <summary>What <paramref name="successor"/> inherits when exactly these nodes fail.</summary>
    public Load After(NodeSet failed, int successor)
    {
        var sum = Load.None;
        for (var i = from[successor]; i < from[successor] + count[successor]; i++)
        {
            if (new NodeSet(sets[i]).IsWithin(failed))
                sum += weights[i];
        }

        return sum;
    }

    private void MergeEqualSets(int successor)
    {
        Array.Sort(sets, weights, from[successor], count[successor]);
        var kept = from[successor];
        for (var i = from[successor]; i < from[successor] + count[successor]; i++)
        {
            if (kept > from[successor] && sets[kept - 1] == sets[i])
                weights[kept - 1] += weights[i];
            else
                (sets[kept], weights[kept++]) = (sets[i], weights[i]);
        }

        count[successor] = kept - from[successor];
    }
}
