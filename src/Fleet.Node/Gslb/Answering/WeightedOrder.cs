using System.Collections.Immutable;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// Draws without replacement: each place goes to one of those not yet drawn, with chances in proportion to weight.
/// Whoever weighs nothing is drawn only when nobody weighs anything; then all are equal.
/// </summary>
public sealed class WeightedOrder
{
    /// <summary>The most that one drawing can ask for.</summary>
    public const int PicksMax = 64;

    private const int BlindTries = 4;

    /// <summary>Indices of the candidates that can be drawn.</summary>
    private readonly int[] _index;

    /// <summary>Weights added up, this one's included.</summary>
    private readonly ulong[] _upTo;

    /// <summary>Prepares the drawing; negative weights count as 0.</summary>
    public WeightedOrder(ImmutableArray<int> weights)
        : this([.. Enumerable.Range(0, weights.Length)], weights)
    {
    }

    /// <summary>Draws from some of the candidates only.</summary>
    /// <param name="members">Their indices.</param>
    /// <param name="weights">Of all candidates, by index.</param>
    public WeightedOrder(ImmutableArray<int> members, ImmutableArray<int> weights)
    {
        bool anyWeight = members.Any(i => weights[i] > 0);
        _index = [.. members.Where(i => !anyWeight || weights[i] > 0)];
        _upTo = new ulong[_index.Length];
        ulong sum = 0;
        for (int i = 0; i < _index.Length; i++)
        {
            sum += anyWeight ? (ulong)weights[_index[i]] : 1;
            _upTo[i] = sum;
        }
    }

    /// <summary>How many can be drawn.</summary>
    public int Count => _index.Length;

    /// <summary>Those that can be drawn.</summary>
    public IEnumerable<int> Drawable => _index;

    /// <summary>Fills <paramref name="picks"/> with candidates in the order drawn, and returns how many there are. Allocates nothing.</summary>
    public int Pick(ref Xorshift random, Span<int> picks)
    {
        int count = Math.Min(picks.Length, _index.Length);
        for (int i = 0; i < count; i++)
            picks[i] = Draw(ref random, picks[..i]);
        for (int i = 0; i < count; i++)
            picks[i] = _index[picks[i]];
        return count;
    }

    /// <summary>
    /// The same for whoever must always draw the same: weighted rendezvous hashing (Thaler and Ravishankar 1998; weights as in Schindelhauer and Schomaker 2005). When a
    /// candidate goes, only those who had drawn it draw another. A logarithm for each candidate.
    /// </summary>
    /// <param name="drawer">Who draws, as a hash.</param>
    /// <param name="hashes">Of all candidates, by index.</param>
    public int PickFor(ulong drawer, ReadOnlySpan<ulong> hashes, Span<int> picks)
    {
        Span<double> costs = stackalloc double[PicksMax];
        int count = 0;
        for (int i = 0; i < _index.Length; i++)
        {
            double cost = -Math.Log(Mixing.Fraction(drawer ^ hashes[_index[i]])) / WeightOf(i);
            if (count == picks.Length && cost >= costs[count - 1])
                continue;
            int at = count < picks.Length ? count++ : count - 1;
            for (; at > 0 && costs[at - 1] > cost; at--)
                (costs[at], picks[at]) = (costs[at - 1], picks[at - 1]);
            (costs[at], picks[at]) = (cost, _index[i]);
        }

        return count;
    }

    /// <summary>
    /// Tries a few draws from all, which is quick while few are taken; a draw that hits a taken one is simply not there, so the chances stay exact.
    /// Then walks over what is left.
    /// </summary>
    private int Draw(ref Xorshift random, ReadOnlySpan<int> taken)
    {
        for (int i = 0; i < BlindTries; i++)
        {
            int hit = Find(random.Below(_upTo[^1]));
            if (!taken.Contains(hit))
                return hit;
        }

        ulong left = _upTo[^1];
        foreach (int index in taken)
            left -= WeightOf(index);
        ulong point = random.Below(left);
        for (int i = 0; ; i++)
        {
            if (taken.Contains(i))
                continue;
            ulong weight = WeightOf(i);
            if (point < weight)
                return i;
            point -= weight;
        }
    }

    private int Find(ulong point)
    {
        int low = 0;
        int high = _upTo.Length - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (point < _upTo[middle])
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private ulong WeightOf(int index) => index == 0 ? _upTo[0] : _upTo[index] - _upTo[index - 1];
}
