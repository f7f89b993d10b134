using System.Collections.Immutable;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// Draws without replacement: each place goes to a candidate not yet drawn, with a probability in proportion to its weight. A candidate of weight 0
/// is drawn only when all have weight 0; then all are equal. There is one array and nothing around it: with many names, every step from object to
/// object is a wait for memory.
/// </summary>
internal readonly struct WeightedOrder
{
    /// <summary>The most that one drawing can ask for.</summary>
    public const int PicksMax = 64;

    private const int BlindTries = 4;

    private readonly Share[]? _shares;

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
        var anyWeight = members.Any(i => weights[i] > 0);
        _shares = new Share[members.Count(i => !anyWeight || weights[i] > 0)];
        ulong sum = 0;
        var at = 0;
        foreach (var i in members.Where(i => !anyWeight || weights[i] > 0))
        {
            sum += anyWeight ? (ulong)weights[i] : 1;
            _shares[at++] = new Share(sum, i);
        }
    }

    /// <summary>How many can be drawn.</summary>
    public int Count => _shares?.Length ?? 0;

    /// <summary>Those that can be drawn.</summary>
    public IEnumerable<int> Drawable => (_shares ?? []).Select(share => share.Index);

    /// <summary>Fills <paramref name="picks"/> with candidates in the order drawn, and returns how many there are. Allocates nothing.</summary>
    public int Pick(ref Xorshift random, Span<int> picks)
    {
        ReadOnlySpan<Share> shares = _shares;
        var count = Math.Min(picks.Length, shares.Length);
        for (var i = 0; i < count; i++)
            picks[i] = Draw(shares, ref random, picks[..i]);
        for (var i = 0; i < count; i++)
            picks[i] = shares[picks[i]].Index;
        return count;
    }

    /// <summary>
    /// The same for a client that must always draw the same: weighted rendezvous hashing (Thaler and Ravishankar 1998; weights as in Schindelhauer
    /// and Schomaker 2005). When a candidate goes, only those who had drawn it draw another. It costs a logarithm for each candidate.
    /// </summary>
    /// <param name="drawer">Who draws, as a hash.</param>
    /// <param name="hashes">Of all candidates, by index.</param>
    public int PickFor(ulong drawer, ReadOnlySpan<ulong> hashes, Span<int> picks)
    {
        ReadOnlySpan<Share> shares = _shares;
        Span<double> costs = stackalloc double[PicksMax];
        var count = 0;
        for (var i = 0; i < shares.Length; i++)
        {
            var cost = -Math.Log(Mixing.Fraction(drawer ^ hashes[shares[i].Index])) / WeightOf(shares, i);
            if (count == picks.Length && cost >= costs[count - 1])
                continue;
            var at = count < picks.Length ? count++ : count - 1;
            for (; at > 0 && costs[at - 1] > cost; at--)
                (costs[at], picks[at]) = (costs[at - 1], picks[at - 1]);
            (costs[at], picks[at]) = (cost, shares[i].Index);
        }

        return count;
    }

    /// <summary>
    /// Tries a few draws from all, which is quick while few are taken; a draw that hits a taken one does not count, so the probabilities stay exact.
    /// Then walks over what is left.
    /// </summary>
    private static int Draw(ReadOnlySpan<Share> shares, ref Xorshift random, ReadOnlySpan<int> taken)
    {
        for (var i = 0; i < BlindTries; i++)
        {
            var hit = Find(shares, random.Below(shares[^1].UpTo));
            if (!taken.Contains(hit))
                return hit;
        }

        var left = shares[^1].UpTo;
        foreach (var index in taken)
            left -= WeightOf(shares, index);
        var point = random.Below(left);
        for (var i = 0; ; i++)
        {
            if (taken.Contains(i))
                continue;
            var weight = WeightOf(shares, i);
            if (point < weight)
                return i;
            point -= weight;
        }
    }

    private static int Find(ReadOnlySpan<Share> shares, ulong point)
    {
        var low = 0;
        var high = shares.Length - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (point < shares[middle].UpTo)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private static ulong WeightOf(ReadOnlySpan<Share> shares, int at) => at == 0 ? shares[0].UpTo : shares[at].UpTo - shares[at - 1].UpTo;

    /// <summary>A candidate that can be drawn.</summary>
    /// <param name="UpTo">Weights added up, its own included.</param>
    /// <param name="Index">Which candidate it is.</param>
    private readonly record struct Share(ulong UpTo, int Index);
}
