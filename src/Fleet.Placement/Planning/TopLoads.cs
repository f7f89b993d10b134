using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>
/// For every survivor and dimension, the k owners whose failures would bring it most. That is the most that any k failures at once can bring, as far
/// as first standbys go.
/// </summary>
internal sealed class TopLoads(int nodes, int k)
{
    private readonly long[] _amounts = new long[nodes * k * 2];
    private readonly int[] _owners = new int[nodes * k * 2];

    public void Clear()
    {
        Array.Clear(_amounts);
        Array.Fill(_owners, IndexedProblem.Nobody);
    }

    /// <summary>The owner's failure brings the survivor this much in all; it only grows.</summary>
    public void Raise(int survivor, int owner, Load amount)
    {
        RaiseFrom(survivor * 2 * k, owner, amount.Bps);
        RaiseFrom(((survivor * 2) + 1) * k, owner, amount.Cps);
    }

    /// <summary>What the worst <paramref name="count"/> owners bring that are not <paramref name="except"/>.</summary>
    public Load Sum(int survivor, int count, ReadOnlySpan<int> except) =>
        count <= 0 ? Load.None : new(SumFrom(survivor * 2 * k, count, except), SumFrom(((survivor * 2) + 1) * k, count, except));

    private void RaiseFrom(int start, int owner, long amount)
    {
        var mine = _owners.AsSpan(start, k);
        var at = mine.IndexOf(owner);
        if (at < 0)
            at = k - 1;
        else if (_amounts[start + at] >= amount)
            return;
        if (_amounts[start + at] >= amount && mine[at] != owner)
            return;
        (_amounts[start + at], mine[at]) = (amount, owner);
        for (; at > 0 && _amounts[start + at] > _amounts[start + at - 1]; at--)
        {
            (_amounts[start + at], _amounts[start + at - 1]) = (_amounts[start + at - 1], _amounts[start + at]);
            (mine[at], mine[at - 1]) = (mine[at - 1], mine[at]);
        }
    }

    private long SumFrom(int start, int count, ReadOnlySpan<int> except)
    {
        long sum = 0;
        for (var i = start; i < start + k && count > 0; i++)
        {
            if (_owners[i] == IndexedProblem.Nobody || except.Contains(_owners[i]))
                continue;
            sum += _amounts[i];
            count--;
        }

        return sum;
    }
}
