using System.Collections.Immutable;

namespace Fleet.Placement.Planning;

/// <summary>
/// Packs the VIPs that one failure leaves without a live owner or standby into the survivors' room. It tries in turn: what was named before, and the
/// rest evenly; all of it evenly, so that every survivor takes its part; the roomiest first; the tightest that fits. A VIP that still fits nowhere
/// goes where it does least harm, and counts as lacking.
/// </summary>
internal sealed class Packing(Layout layout, int[] standbys, int depth, ConflictPenalties penalties)
{
    private static readonly ImmutableArray<PackingOrder> Orders =
    [
        PackingOrder.Kept,
        PackingOrder.Even,
        PackingOrder.Roomiest,
        PackingOrder.Tightest,
    ];

    private readonly IndexedProblem _instance = layout.Instance;
    private readonly Survivors _survivors = new(layout, standbys, depth, penalties);
    private readonly List<int> _lacking = [];

    /// <summary>A fleet that is to survive nothing has standbys all the same, and lacks nothing.</summary>
    private readonly bool _isAskedFor = layout.Instance.Problem.Protection is { Nodes: > 0 } or { Domains: > 0 };

    /// <summary>VIPs that no survivor has room for after some failure.</summary>
    public IReadOnlyList<int> Lacking => _lacking;

    /// <summary>By how much survivors would exceed their limits, in parts of their limits, added up over those VIPs.</summary>
    public double Excess { get; private set; }

    public void Clear()
    {
        Excess = 0;
        _lacking.Clear();
        _survivors.Clear();
    }

    /// <summary>Names the standby of that level for each of these VIPs, which are sorted, largest first.</summary>
    public void Pack(int[] failing, ReadOnlySpan<int> vips, int level)
    {
        _survivors.Fail(failing, level);
        var isDone = false;
        foreach (var order in Orders)
        {
            if (order == PackingOrder.Kept && !AnyNamed(vips, level))
                continue;
            isDone = TryPack(vips, level, order);
            if (isDone)
                break;
            Undo(vips, level);
        }

        if (!isDone)
            Overflow(vips, level);
        _survivors.Recover(vips, level);
    }

    private bool TryPack(ReadOnlySpan<int> vips, int level, PackingOrder order)
    {
        if (order == PackingOrder.Kept)
            Keep(vips, level);
        foreach (var vip in vips)
        {
            if (standbys[At(vip, level)] != IndexedProblem.Nobody)
                continue;
            var node = _survivors.Best(vip, order);
            if (node == IndexedProblem.Nobody)
                return false;
            Give(vip, level, node);
        }

        return true;
    }

    private void Keep(ReadOnlySpan<int> vips, int level)
    {
        foreach (var vip in vips)
        {
            var named = _instance.Named(vip).Where(n => n != layout.OwnerOf(vip)).Skip(level - 1).FirstOrDefault(IndexedProblem.Nobody);
            if (named != IndexedProblem.Nobody && _survivors.Fits(vip, named) && _survivors.IsFair(vip, named))
                Give(vip, level, named);
        }
    }

    private void Overflow(ReadOnlySpan<int> vips, int level)
    {
        foreach (var vip in vips)
        {
            var node = _survivors.Best(vip, PackingOrder.Roomiest);
            if (node == IndexedProblem.Nobody)
            {
                node = _survivors.LeastHarmed(vip, level);
                if (_isAskedFor)
                    Lack(vip, node == IndexedProblem.Nobody ? 1 : _survivors.ExcessWith(vip, node));
            }

            if (node != IndexedProblem.Nobody)
                Give(vip, level, node);
        }
    }

    private void Lack(int vip, double excess)
    {
        _lacking.Add(vip);
        Excess += excess;
    }

    private void Undo(ReadOnlySpan<int> vips, int level)
    {
        foreach (var vip in vips)
        {
            ref var node = ref standbys[At(vip, level)];
            if (node != IndexedProblem.Nobody)
                _survivors.Release(vip, node);
            node = IndexedProblem.Nobody;
        }
    }

    private void Give(int vip, int level, int node)
    {
        standbys[At(vip, level)] = node;
        _survivors.Inherit(vip, node);
    }

    private bool AnyNamed(ReadOnlySpan<int> vips, int level)
    {
        foreach (var vip in vips)
        {
            if (_instance.Vips[vip].Standbys.Length >= level)
                return true;
        }

        return false;
    }

    private int At(int vip, int level) => (vip * depth) + level - 1;
}

/// <summary>By what rule a survivor is chosen.</summary>
internal enum PackingOrder
{
    Kept,
    Even,
    Roomiest,
    Tightest,
}
