using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// The worst case offered so far: a case above its limit before one within it, then the highest utilisation, the smallest failure set, the first
/// names, the first node.
/// </summary>
internal sealed class WorstSoFar(PlacedFleet fleet)
{
    private int _node = -1;
    private int[] _failed = [];
    private Load _after;
    private double _utilisation;

    public bool IsViolation { get; private set; }

    public double UtilisationOf(int survivor, Dimension dimension, long load) =>
        (dimension == Dimension.Bps ? new Load(load) : new Load(0, load)).ShareOf(fleet.Nodes[survivor].Capacity);

    public bool Fits(int survivor, Dimension dimension, long load) => load <= fleet.Limits[survivor].In(dimension);

    /// <summary>A survivor that carries no more than <paramref name="loadMax"/> may be a worse case than the worst seen.</summary>
    public bool IsWorse(int survivor, Dimension dimension, long loadMax)
    {
        if (_node < 0)
            return true;
        var exceeds = !Fits(survivor, dimension, loadMax);
        return exceeds == IsViolation ? UtilisationOf(survivor, dimension, loadMax) > _utilisation : exceeds;
    }

    public void Offer(int survivor, Load load, ReadOnlySpan<int> failedSorted)
    {
        var exceeds = !load.FitsIn(fleet.Limits[survivor]);
        var filled = load.ShareOf(fleet.Nodes[survivor].Capacity);
        var order = _node < 0 ? 1 : exceeds != IsViolation ? exceeds.CompareTo(IsViolation) : filled.CompareTo(_utilisation);
        if (order == 0)
            order = CompareSets(_failed, failedSorted) is var sets and not 0 ? sets : _node.CompareTo(survivor);
        if (order <= 0)
            return;
        (_node, _failed, _after, _utilisation, IsViolation) = (survivor, failedSorted.ToArray(), load, filled, exceeds);
    }

    public WorstCase? Case
    {
        get
        {
            if (_node < 0)
                return null;
            var over = _after - fleet.Limits[_node];
            return new WorstCase(
                [.. _failed.Select(f => fleet.Nodes[f].Name)], fleet.Nodes[_node].Name, _utilisation, Math.Max(0, over.Bps), Math.Max(0, over.Cps));
        }
    }

    private static int CompareSets(ReadOnlySpan<int> left, ReadOnlySpan<int> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
}
