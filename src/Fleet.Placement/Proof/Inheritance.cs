using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// What every survivor stands to inherit. Node j takes a VIP exactly when the VIP's owner and all standbys before j have failed; so for j a VIP is a
/// weight on that set of nodes, and after a failure F the load of j is its own plus the weights of all its sets that lie within F.
/// </summary>
internal sealed class Inheritance
{
    private readonly int[] _from;
    private readonly int[] _count;
    private readonly ulong[] _sets;
    private readonly Load[] _weights;

    /// <summary>Reads the placement once.</summary>
    /// <param name="sizeMax">Sets of more nodes cannot fail together.</param>
    public Inheritance(PlacedFleet fleet, int sizeMax)
    {
        _from = new int[fleet.Nodes.Length + 1];
        _count = new int[fleet.Nodes.Length];
        foreach (ref readonly var vip in fleet.Vips.AsSpan())
        {
            foreach (var successor in fleet.StandbysOf(vip)[..Math.Min(sizeMax, vip.StandbyCount)])
                _from[successor + 1]++;
        }

        for (var i = 0; i < _count.Length; i++)
            _from[i + 1] += _from[i];
        _sets = new ulong[_from[^1]];
        _weights = new Load[_from[^1]];
        foreach (ref readonly var vip in fleet.Vips.AsSpan())
        {
            var set = default(NodeSet).With(vip.Owner);
            foreach (var successor in fleet.StandbysOf(vip)[..Math.Min(sizeMax, vip.StandbyCount)])
            {
                var at = _from[successor] + _count[successor]++;
                (_sets[at], _weights[at]) = (set.Bits, vip.Demand);
                if (set.Size < NodeSet.SizeMax)
                    set = set.With(successor);
            }
        }

        for (var successor = 0; successor < _count.Length; successor++)
            MergeEqualSets(successor);
    }

    public ReadOnlySpan<ulong> SetsOf(int successor) => _sets.AsSpan(_from[successor], _count[successor]);

    public ReadOnlySpan<Load> WeightsOf(int successor) => _weights.AsSpan(_from[successor], _count[successor]);

    /// <summary>What <paramref name="successor"/> inherits when exactly these nodes fail.</summary>
    public Load After(NodeSet failed, int successor)
    {
        var sum = Load.None;
        for (var i = _from[successor]; i < _from[successor] + _count[successor]; i++)
        {
            if (new NodeSet(_sets[i]).IsWithin(failed))
                sum += _weights[i];
        }

        return sum;
    }

    private void MergeEqualSets(int successor)
    {
        Array.Sort(_sets, _weights, _from[successor], _count[successor]);
        var kept = _from[successor];
        for (var i = _from[successor]; i < _from[successor] + _count[successor]; i++)
        {
            if (kept > _from[successor] && _sets[kept - 1] == _sets[i])
                _weights[kept - 1] += _weights[i];
            else
                (_sets[kept], _weights[kept++]) = (_sets[i], _weights[i]);
        }

        _count[successor] = kept - _from[successor];
    }
}
