namespace Fleet.Placement.Planning;

/// <summary>
/// Improves a layout that construction left short: VIPs without room after some failure first, then demand that moves although it need not, then the
/// fullest node. One move or swap at a time, taken back when it makes things worse by more than a tolerance that shrinks to nothing (threshold
/// accepting: Dueck and Scheuer, 1990). Chance is a fixed sequence, so that equal problems give equal plans.
/// </summary>
internal sealed class Search
{
    private const double WorseMax = 0.03;

    private readonly Layout _layout;
    private readonly Succession _succession;
    private readonly IndexedProblem _instance;
    private readonly Func<int, bool> _isFree;
    private readonly Func<int, bool> _mayMove;
    private readonly Chance _chance = new(20_251_121);
    private readonly double _total;

    /// <param name="isFree">Moving it costs nothing: it has to go somewhere anyway.</param>
    /// <param name="mayMove">The search may try the VIP elsewhere.</param>
    public Search(Layout layout, Succession succession, Func<int, bool> isFree, Func<int, bool> mayMove)
    {
        (_layout, _succession, _isFree, _mayMove) = (layout, succession, isFree, mayMove);
        _instance = layout.Instance;
        _total = Math.Max(1, _instance.Demand.Sum(d => (double)d.Bps));
    }

    /// <summary>
    /// Leaves the best layout found, with its standbys named. If protection is not found, it leaves the layout it began with: no VIP moves for half a
    /// protection.
    /// </summary>
    /// <param name="target">Good enough: nothing lacks room and no node is fuller than this.</param>
    public void Improve(double target, long rounds)
    {
        var start = _layout.Owners();
        var best = start;
        var bestCost = Cost();
        var cost = bestCost;
        for (long round = 0; round < rounds && !(bestCost.Excess == 0 && bestCost.Moved == 0 && bestCost.Fullness <= target); round++)
        {
            var undo = Step();
            if (undo.Vip == IndexedProblem.Nobody)
                continue;
            _succession.Name();
            var next = Cost();
            var slack = WorseMax * (1 - ((double)round / rounds));
            if (next.Sum > cost.Sum + slack)
            {
                Undo(undo);
                continue;
            }

            cost = next;
            if (cost.Sum < bestCost.Sum)
                (best, bestCost) = (_layout.Owners(), cost);
        }

        _layout.Restore(bestCost.Excess == 0 ? best : start);
        _succession.Name();
        SendHome(target, (int)Math.Min(rounds, int.MaxValue));
    }

    /// <summary>
    /// Names the standbys again. Chance moves more than it must, so VIPs that can go back without harm go back, the largest demand first.
    /// </summary>
    public void SendHome(double target, int most)
    {
        _succession.Name();
        var cost = Cost();
        var away = Enumerable
            .Range(0, _instance.Vips.Length)
            .Where(v => !_isFree(v) && _layout.OwnerOf(v) != _instance.Home[v])
            .OrderByDescending(v => _instance.Demand[v].Bps)
            .ThenBy(v => v);
        foreach (var vip in away.Take(most).ToArray())
        {
            var node = _layout.OwnerOf(vip);
            _layout.Move(vip, _instance.Home[vip]);
            _succession.Name();
            var next = Cost();
            if (next.Excess <= cost.Excess && next.Lacking <= cost.Lacking && next.Fullness <= Math.Max(target, cost.Fullness))
                cost = next;
            else
                _layout.Move(vip, node);
        }

        _succession.Name();
    }

    private Standing Cost()
    {
        var moved = 0.0;
        for (var vip = 0; vip < _instance.Vips.Length; vip++)
        {
            if (!_isFree(vip) && _layout.OwnerOf(vip) != _instance.Home[vip])
                moved += _instance.Demand[vip].Bps;
        }

        return new Standing(_succession.Excess, _succession.Lacking.Count, moved / _total, _layout.HighestFullness());
    }

    private Swap Step() => _succession.Lacking.Count > 0 && _chance.Below(10) < 8 ? MakeRoom() : LowerFullest();

    /// <summary>A VIP that has no room somewhere after a failure: some survivor gets rid of something, or the VIP goes elsewhere itself.</summary>
    private Swap MakeRoom()
    {
        var vip = _succession.Lacking[_chance.Below(_succession.Lacking.Count)];
        var eligible = _instance.EligibleOf(vip);
        if (eligible.Length < 2)
            return Swap.None;
        var node = eligible[_chance.Below(eligible.Length)];
        for (var i = 0; i < 2; i++)
            node = Emptier(node, eligible[_chance.Below(eligible.Length)]);
        if (node == _layout.OwnerOf(vip) || _chance.Below(4) == 0)
            return MoveOrSwap(vip);
        return _layout.On(node).Count == 0 ? MoveOrSwap(vip) : MoveOrSwap(_layout.On(node)[_chance.Below(_layout.On(node).Count)]);
    }

    private Swap LowerFullest()
    {
        var node = _layout.Fullest();
        if (node == IndexedProblem.Nobody || _layout.On(node).Count == 0)
            return Swap.None;
        return MoveOrSwap(_layout.On(node)[_chance.Below(_layout.On(node).Count)]);
    }

    private Swap MoveOrSwap(int vip)
    {
        var eligible = _instance.EligibleOf(vip);
        var from = _layout.OwnerOf(vip);
        if (eligible.Length == 0 || !_instance.Takes[from] || !_mayMove(vip))
            return Swap.None;
        var to = Emptier(eligible[_chance.Below(eligible.Length)], eligible[_chance.Below(eligible.Length)]);
        if (to == from)
            return Swap.None;
        var there = _layout.On(to);
        var other = there.Count > 0 && _chance.Below(2) == 0 ? there[_chance.Below(there.Count)] : IndexedProblem.Nobody;
        if (other != IndexedProblem.Nobody && (!_mayMove(other) || !_instance.MayLie[_instance.Class[other]][from]))
            return Swap.None;
        _layout.Move(vip, to);
        if (other != IndexedProblem.Nobody)
            _layout.Move(other, from);
        return new Swap(vip, from, other, to);
    }

    private int Emptier(int one, int other) => _layout.Fullness(other) < _layout.Fullness(one) ? other : one;

    private void Undo(Swap swap)
    {
        _layout.Move(swap.Vip, swap.From);
        if (swap.Other != IndexedProblem.Nobody)
            _layout.Move(swap.Other, swap.To);
    }

    private readonly record struct Swap(int Vip, int From, int Other, int To)
    {
        public static readonly Swap None = new(IndexedProblem.Nobody, IndexedProblem.Nobody, IndexedProblem.Nobody, IndexedProblem.Nobody);
    }

    private readonly record struct Standing(double Excess, int Lacking, double Moved, double Fullness)
    {
        public double Sum => (20 * Excess) + (0.05 * Lacking) + (2 * Moved) + Fullness;
    }
}

/// <summary>A fixed sequence of numbers that looks like chance (xorshift64: Marsaglia, 2003).</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public int Below(int bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)((_state >> 33) % (ulong)bound);
    }
}
