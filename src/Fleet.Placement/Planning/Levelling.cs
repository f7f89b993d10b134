namespace Fleet.Placement.Planning;

/// <summary>
/// Lowers the fullest node, again and again, by the best single move or swap of VIPs that may move: each step leaves both nodes less full than the
/// fuller was, so it ends.
/// </summary>
internal sealed class Levelling(Layout layout, Func<int, bool> mayMove)
{
    private const double Least = 1e-9;

    private readonly IndexedProblem _instance = layout.Instance;

    /// <summary>Stops when no node is fuller than the target, when no step helps, or when so many candidates have been looked at.</summary>
    public void Lower(double target, long effort)
    {
        while (effort > 0 && layout.Fullest() is var fullest && fullest != IndexedProblem.Nobody && layout.Fullness(fullest) > target)
        {
            if (BestStep(fullest, ref effort) is not { } step)
                return;
            if (step.Other != IndexedProblem.Nobody)
                layout.Move(step.Other, fullest);
            layout.Move(step.Vip, step.Node);
        }
    }

    private (int Vip, int Node, int Other)? BestStep(int fullest, ref long effort)
    {
        (int Vip, int Node, int Other)? best = null;
        var least = layout.Fullness(fullest) - Least;
        foreach (var vip in layout.On(fullest))
        {
            if (!mayMove(vip))
                continue;
            foreach (var node in _instance.EligibleOf(vip))
            {
                if (node == fullest)
                    continue;
                effort -= 1 + layout.On(node).Count;
                Consider(vip, node, fullest, ref least, ref best);
            }
        }

        return best;
    }

    private void Consider(int vip, int node, int fullest, ref double least, ref (int Vip, int Node, int Other)? best)
    {
        var lighter = layout.LoadOf(fullest) - _instance.Demand[vip];
        var heavier = layout.LoadOf(node) + _instance.Demand[vip];
        if (After(fullest, lighter, node, heavier) is var moved && moved < least)
            (least, best) = (moved, (vip, node, IndexedProblem.Nobody));
        foreach (var other in layout.On(node))
        {
            var back = _instance.Demand[other];
            if (back.Bps >= _instance.Demand[vip].Bps && back.Cps >= _instance.Demand[vip].Cps)
                continue;
            if (After(fullest, lighter + back, node, heavier - back) is var swapped
                && swapped < least
                && mayMove(other)
                && _instance.MayLie[_instance.Class[other]][fullest])
                (least, best) = (swapped, (vip, node, other));
        }
    }

    private double After(int one, Model.Load carriesOne, int other, Model.Load carriesOther) =>
        Math.Max(layout.Fullness(one, carriesOne), layout.Fullness(other, carriesOther));
}
