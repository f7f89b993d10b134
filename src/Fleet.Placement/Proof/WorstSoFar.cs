using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// The worst case offered: what exceeds its limit before what does not, then the highest utilisation, the smallest failure set, the first names, the first node.
/// </summary>
internal sealed class WorstSoFar(PlacedFleet fleet)
{
    private int node = -1;
    private int[] failed = [];
    private Load after;
    private double utilisation;

    public bool IsViolation { get; private set; }

    public double UtilisationOf(int survivor, Dimension dimension, long load) =>
        (dimension == Dimension.Bps ? new Load(load) : new Load(0, load)).Of(fleet.Nodes[survivor].Capacity);

    public bool Fits(int survivor, Dimension dimension, long load) => load <= fleet.Limits[survivor].In(dimension);

    /// <summary>A survivor that carries no more than <paramref name="loadMax"/> may be a worse case than the worst seen.</summary>
    public bool IsWorse(int survivor, Dimension dimension, long loadMax)
    {
        if (node < 0)
            return true;
        var exceeds = !Fits(survivor, dimension, loadMax);
        return exceeds == IsViolation ? UtilisationOf(survivor, dimension, loadMax) > utilisation : exceeds;
    }

    public void Offer(int survivor, Load load, ReadOnlySpan<int> failedSorted)
    {
        var exceeds = !load.FitsIn(fleet.Limits[survivor]);
        var filled = load.Of(fleet.Nodes[survivor].Capacity);
        var order = node < 0 ? 1 : exceeds != IsViolation ? exceeds.CompareTo(IsViolation) : filled.CompareTo(utilisation);
        if (order == 0)
            order = CompareSets(failed, failedSorted) is var sets and not 0 ? sets : node.CompareTo(survivor);
        if (order <= 0)
            return;
        (node, failed, after, utilisation, IsViolation) = (survivor, failedSorted.ToArray(), load, filled, exceeds);
    }

    public WorstCase? Case
    {
        get
        {
            if (node < 0)
                return null;
            var over = after - fleet.Limits[node];
            return new WorstCase([.. failed.Select(f => fleet.Nodes[f].Name)], fleet.Nodes[node].Name, utilisation, Math.Max(0, over.Bps), Math.Max(0, over.Cps));
        }
    }

    private static int CompareSets(ReadOnlySpan<int> left, ReadOnlySpan<int> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
}
