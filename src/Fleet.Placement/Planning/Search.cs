namespace Fleet.Placement.Planning;

/// <summary>
/// Improves a layout that construction left short: VIPs without room after some failure first, then demand that moves although it need not, then the fullest node. One
/// move or swap at a time, taken back when it makes things worse by more than a tolerance that shrinks to nothing (threshold accepting: Dueck and Scheuer, 1990).
/// Chance is a fixed sequence, so that equal problems give equal plans.
/// </summary>
internal sealed class Search
{
    private const double WorseMax = 0.03;

    private readonly Layout layout;
    private readonly Succession succession;
    private readonly Instance instance;
    private readonly Func<int, bool> isFree;
    private readonly Func<int, bool> mayMove;
    private readonly Chance chance = new(20_251_121);
    private readonly double total;

    /// <param name="isFree">Moving it costs nothing: it has to go somewhere anyway.</param>
    /// <param name="mayMove">It is tried elsewhere.</param>
    public Search(Layout layout, Succession succession, Func<int, bool> isFree, Func<int, bool> mayMove)
    {
        (this.layout, this.succession, this.isFree, this.mayMove) = (layout, succession, isFree, mayMove);
        instance = layout.Instance;
        total = Math.Max(1, instance.Demand.Sum(d => (double)d.Bps));
    }

    /// <summary>Leaves the best layout found, with its standbys named; where protection is not found, the one it began with: no VIP moves for half a protection.</summary>
    /// <param name="target">Good enough: nothing lacks room and no node is fuller than this.</param>
    public void Improve(double target, long rounds)
    {
        var start = layout.Owners();
        var best = start;
        var bestCost = Cost();
        var cost = bestCost;
        for (long round = 0; round < rounds && !(bestCost.Excess == 0 && bestCost.Moved == 0 && bestCost.Fullness <= target); round++)
        {
            var undo = Step();
            if (undo.Vip == Instance.Nobody)
                continue;
            succession.Name();
            var next = Cost();
            var slack = WorseMax * (1 - ((double)round / rounds));
            if (next.Sum > cost.Sum + slack)
            {
                Undo(undo);
                continue;
            }

            cost = next;
            if (cost.Sum < bestCost.Sum)
                (best, bestCost) = (layout.Owners(), cost);
        }

        layout.Restore(bestCost.Excess == 0 ? best : start);
        succession.Name();
        SendHome(target, (int)Math.Min(rounds, int.MaxValue));
    }

    /// <summary>Names the standbys again. Chance moves more than it must: what can go back without harm goes back, the largest demand first.</summary>
    public void SendHome(double target, int most)
    {
        succession.Name();
        var cost = Cost();
        var away = Enumerable.Range(0, instance.Vips.Length).Where(v => !isFree(v) && layout.OwnerOf(v) != instance.Home[v]).OrderByDescending(v => instance.Demand[v].Bps).ThenBy(v => v);
        foreach (var vip in away.Take(most).ToArray())
        {
            var node = layout.OwnerOf(vip);
            layout.Move(vip, instance.Home[vip]);
            succession.Name();
            var next = Cost();
            if (next.Excess <= cost.Excess && next.Lacking <= cost.Lacking && next.Fullness <= Math.Max(target, cost.Fullness))
                cost = next;
            else
                layout.Move(vip, node);
        }

        succession.Name();
    }

    private Standing Cost()
    {
        var moved = 0.0;
        for (var vip = 0; vip < instance.Vips.Length; vip++)
        {
            if (!isFree(vip) && layout.OwnerOf(vip) != instance.Home[vip])
                moved += instance.Demand[vip].Bps;
        }

        return new Standing(succession.Excess, succession.Lacking.Count, moved / total, layout.HighestFullness());
    }

    private Swap Step() => succession.Lacking.Count > 0 && chance.Below(10) < 8 ? MakeRoom() : LowerFullest();

    /// <summary>A VIP that has no room somewhere after a failure: some survivor gets rid of something, or the VIP goes elsewhere itself.</summary>
    private Swap MakeRoom()
    {
        var vip = succession.Lacking[chance.Below(succession.Lacking.Count)];
        var eligible = instance.EligibleOf(vip);
        if (eligible.Length < 2)
            return Swap.None;
        var node = eligible[chance.Below(eligible.Length)];
        for (var i = 0; i < 2; i++)
            node = Emptier(node, eligible[chance.Below(eligible.Length)]);
        if (node == layout.OwnerOf(vip) || chance.Below(4) == 0)
            return MoveOrSwap(vip);
        return layout.On(node).Count == 0 ? MoveOrSwap(vip) : MoveOrSwap(layout.On(node)[chance.Below(layout.On(node).Count)]);
    }

    private Swap LowerFullest()
    {
        var node = layout.Fullest();
        if (node == Instance.Nobody || layout.On(node).Count == 0)
            return Swap.None;
        return MoveOrSwap(layout.On(node)[chance.Below(layout.On(node).Count)]);
    }

    private Swap MoveOrSwap(int vip)
    {
        var eligible = instance.EligibleOf(vip);
        var from = layout.OwnerOf(vip);
        if (eligible.Length == 0 || !instance.Takes[from] || !mayMove(vip))
            return Swap.None;
        var to = Emptier(eligible[chance.Below(eligible.Length)], eligible[chance.Below(eligible.Length)]);
        if (to == from)
            return Swap.None;
        var there = layout.On(to);
        var other = there.Count > 0 && chance.Below(2) == 0 ? there[chance.Below(there.Count)] : Instance.Nobody;
        if (other != Instance.Nobody && (!mayMove(other) || !instance.MayLie[instance.Class[other]][from]))
            return Swap.None;
        layout.Move(vip, to);
        if (other != Instance.Nobody)
            layout.Move(other, from);
        return new Swap(vip, from, other, to);
    }

    private int Emptier(int one, int other) => layout.Fullness(other) < layout.Fullness(one) ? other : one;

    private void Undo(Swap swap)
    {
        layout.Move(swap.Vip, swap.From);
        if (swap.Other != Instance.Nobody)
            layout.Move(swap.Other, swap.To);
    }

    private readonly record struct Swap(int Vip, int From, int Other, int To)
    {
        public static readonly Swap None = new(Instance.Nobody, Instance.Nobody, Instance.Nobody, Instance.Nobody);
    }

    private readonly record struct Standing(double Excess, int Lacking, double Moved, double Fullness)
    {
        public double Sum => (20 * Excess) + (0.05 * Lacking) + (2 * Moved) + Fullness;
    }
}

/// <summary>A fixed sequence of numbers that looks like chance (xorshift64: Marsaglia, 2003).</summary>
internal sealed class Chance(ulong seed)
{
    private ulong state = seed;

    public int Below(int bound)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)((state >> 33) % (ulong)bound);
    }
}
