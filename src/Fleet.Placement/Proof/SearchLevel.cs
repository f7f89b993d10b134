using Fleet.Placement.Model;

namespace Fleet.Placement.Proof;

/// <summary>
/// Weighted sets of nodes of which at most <paramref name="picks"/> more nodes may be picked, and an upper bound on what any pick can weigh.
/// <para>
/// The bound: charge the weight of every set within a pick to its members in equal parts. A node f of a pick of r nodes then carries its own weight,
/// and parts of at most r-1 pairs, (r-1 over 2) triples and one quadruple, because f has only r-1 companions; so not more than its potential p(f) =
/// w{f} + 1/2 of its r-1 heaviest pairs + 1/3 of its (r-1 over 2) heaviest triples + 1/4 of its heaviest quadruple. Hence no pick outweighs the r
/// largest potentials.
/// </para>
/// </summary>
internal sealed class SearchLevel(int picks, int nodeCount)
{
    /// <summary>The least common multiple of the parts, so that the bound stays in whole numbers.</summary>
    private const int Parts = 12;

    private const int HeaviestMax = 3;

    private readonly long[] _alone = new long[nodeCount];
    private readonly long[] _pairs = new long[nodeCount * HeaviestMax];
    private readonly long[] _triples = new long[nodeCount * HeaviestMax];
    private readonly long[] _quadruples = new long[nodeCount];
    private readonly long[] _potential = new long[nodeCount];
    private readonly int[] _rank = new int[nodeCount];
    private readonly long[] _together = new long[nodeCount];
    private readonly List<int> _companions = [];
    private ulong[] _sets = [];
    private long[] _weights = [];
    private int _count;

    /// <summary>The nodes of all sets, the one with the highest potential first.</summary>
    public List<int> Order { get; } = [];

    /// <summary>Begins with sets of which no two are equal.</summary>
    public void Start(ReadOnlySpan<ulong> all, ReadOnlySpan<Load> loads, Dimension dimension)
    {
        Clear(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            if (loads[i].In(dimension) is var weight and > 0)
                Add(new NodeSet(all[i]), weight);
        }

        Weigh();
    }

    /// <summary>No pick of nodes from this place of the order on weighs more.</summary>
    public long BoundFrom(int place)
    {
        long sum = 0;
        for (var i = place; i < Math.Min(place + picks, Order.Count); i++)
            sum += _potential[Order[i]];
        return sum / Parts;
    }

    /// <summary>
    /// What is left to pick from once the node at <paramref name="place"/> is picked, and all before it are not. Returns what the pick weighs by
    /// itself.
    /// </summary>
    public long Pick(int place, SearchLevel rest, ref long visits)
    {
        var picked = Order[place];
        long gained = 0;
        rest.Clear(_count);
        visits += _count;
        for (var i = 0; i < _count; i++)
        {
            var set = new NodeSet(_sets[i]);
            if (TouchesEarlier(set, place))
                continue;
            if (set.Contains(picked))
                set = set.Without(picked);
            if (set.Bits == 0)
                gained += _weights[i];
            else if (set.Size < picks)
                rest.Add(set, _weights[i]);
        }

        rest.MergeEqualSets();
        rest.Weigh();
        return gained;
    }

    /// <summary>
    /// With two to pick: what the node at <paramref name="place"/> weighs together with the best companion that comes after it, and which that is; -1
    /// where none adds anything.
    /// </summary>
    public (long Weight, int Companion) PickWithLast(int place, ref long visits)
    {
        var picked = Order[place];
        long gained = 0;
        _companions.Clear();
        visits += _count;
        for (var i = 0; i < _count; i++)
        {
            var set = new NodeSet(_sets[i]);
            var first = set[0];
            var other = set.Size == 1 ? first : first == picked ? set[1] : set[1] == picked ? first : -1;
            if (other == picked)
                gained += _weights[i];
            if (other < 0 || _rank[other] <= place)
                continue;
            if (_together[other] == 0)
                _companions.Add(other);
            _together[other] += _weights[i];
        }

        var (best, most) = (-1, 0L);
        foreach (var companion in _companions)
        {
            if (_together[companion] > most)
                (best, most) = (companion, _together[companion]);
            _together[companion] = 0;
        }

        return (gained + most, best);
    }

    private bool TouchesEarlier(NodeSet set, int place)
    {
        for (var i = 0; i < set.Size; i++)
        {
            if (_rank[set[i]] < place)
                return true;
        }

        return false;
    }

    private void Clear(int room)
    {
        _count = 0;
        if (_sets.Length >= room)
            return;
        _sets = new ulong[room];
        _weights = new long[room];
    }

    private void Add(NodeSet set, long weight) => (_sets[_count], _weights[_count++]) = (set.Bits, weight);

    private void Weigh()
    {
        foreach (var node in Order)
        {
            (_alone[node], _quadruples[node]) = (0, 0);
            _pairs.AsSpan(node * HeaviestMax, HeaviestMax).Clear();
            _triples.AsSpan(node * HeaviestMax, HeaviestMax).Clear();
        }

        Order.Clear();
        for (var i = 0; i < _count; i++)
            Charge(new NodeSet(_sets[i]), _weights[i]);
        foreach (var node in Order)
            _potential[node] = Potential(node);
        Order.Sort((left, right) => _potential[left] != _potential[right] ? _potential[right].CompareTo(_potential[left]) : left.CompareTo(right));
        for (var i = 0; i < Order.Count; i++)
            _rank[Order[i]] = i;
    }

    private void Charge(NodeSet set, long weight)
    {
        var size = set.Size;
        for (var i = 0; i < size; i++)
        {
            var node = set[i];
            if (_alone[node] == 0 && _pairs[node * HeaviestMax] == 0 && _triples[node * HeaviestMax] == 0 && _quadruples[node] == 0)
                Order.Add(node);
            if (size == 1)
                _alone[node] += weight;
            else if (size == 2)
                Keep(_pairs.AsSpan(node * HeaviestMax, picks - 1), weight);
            else if (size == 3)
                Keep(_triples.AsSpan(node * HeaviestMax, (picks - 1) * (picks - 2) / 2), weight);
            else
                _quadruples[node] = Math.Max(_quadruples[node], weight);
        }
    }

    private long Potential(int node)
    {
        var sum = (Parts * _alone[node]) + (Parts / 4 * _quadruples[node]);
        for (var i = node * HeaviestMax; i < (node + 1) * HeaviestMax; i++)
            sum += (Parts / 2 * _pairs[i]) + (Parts / 3 * _triples[i]);
        return sum;
    }

    /// <summary>Keeps the heaviest, in falling order.</summary>
    private static void Keep(Span<long> heaviest, long weight)
    {
        for (var i = 0; i < heaviest.Length; i++)
        {
            if (weight > heaviest[i])
                (heaviest[i], weight) = (weight, heaviest[i]);
        }
    }

    private void MergeEqualSets()
    {
        Array.Sort(_sets, _weights, 0, _count);
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (kept > 0 && _sets[kept - 1] == _sets[i])
                _weights[kept - 1] += _weights[i];
            else
                (_sets[kept], _weights[kept++]) = (_sets[i], _weights[i]);
        }

        _count = kept;
    }
}
