using Fleet.Placement.Proof;

namespace Fleet.Placement.Planning;

/// <summary>Protection for a layout: standbys for every failure that is to be survived, and room for what they would take over.</summary>
/// <param name="isFree">By VIP: it has to go somewhere anyway.</param>
/// <param name="balanced">The VIPs that balance has moved.</param>
internal sealed class Defence(Layout layout, Succession succession, Band band, bool[] isFree, HashSet<int> balanced)
{
    /// <summary>
    /// Names the standbys. If that leaves VIPs without room after a failure, looks for a better layout: first by moving the VIPs that have to go
    /// somewhere anyway, then by moving any, and at last from scratch, as if nobody had anything. Looks for nothing when counting shows that there is
    /// none.
    /// </summary>
    /// <param name="unbalanced">The owners before balance moved anything; null when it has not.</param>
    /// <param name="isRecovery">Some VIP is dark: standbys are named and nothing else is done.</param>
    public void Raise(int[]? unbalanced, bool isRecovery)
    {
        Name();
        if (succession.Excess > 0 && unbalanced is not null)
            Unbalance(unbalanced);
        var aim = isRecovery || !isFree.Contains(true) || layout.HighestFullness() <= band.Aim ? band.Aim : Math.Max(band.Aim, FullestMin());
        var isImprovable = isFree.Contains(true) && layout.HighestFullness() > aim;
        if (isRecovery
            || (succession.Excess == 0 && !isImprovable)
            || (succession.Excess > 0 && Bounds.Shortage(layout.Instance.Problem) is not null))
            return;
        var rounds = (long)(Effort.Search / (50 + succession.Effort));
        if (isFree.Contains(true))
            new Search(layout, succession, v => isFree[v], v => isFree[v]).Improve(aim, rounds);
        if (succession.Excess > 0 && isFree.Contains(false))
            new Search(layout, succession, v => isFree[v] || balanced.Contains(v), _ => true).Improve(band.Tolerance, rounds);
        if (succession.Excess > 0 && isFree.Contains(false) && rounds >= Effort.AnewRoundsMin)
            BeginAnew(rounds);
        succession.Rehearse(Effort.Rehearsal);
    }

    /// <summary>
    /// By counting, no layout has all nodes emptier than this. A few VIPs cannot be spread more evenly, and looking for something better takes as
    /// long as a search may.
    /// </summary>
    private double FullestMin()
    {
        const double Rounding = 1e-9;
        return Bounds.Utilisation(layout.Instance.Problem) / layout.HighestLevel * (1 + Rounding);
    }

    private void Name()
    {
        succession.Name();
        succession.Rehearse(Effort.Rehearsal);
        succession.Answer();
    }

    /// <summary>Protection comes before balance: moves for balance that broke it are undone, unless it was not there before either.</summary>
    private void Unbalance(int[] owners)
    {
        var after = layout.Owners();
        layout.Restore(owners);
        Name();
        if (succession.Excess == 0)
        {
            balanced.Clear();
            return;
        }

        layout.Restore(after);
        Name();
    }

    private void BeginAnew(long rounds)
    {
        var owners = layout.Owners();
        var all = Enumerable.Range(0, owners.Length).Where(v => owners[v] != IndexedProblem.Nobody && layout.Instance.Takes[owners[v]]).ToList();
        all.ForEach(layout.Take);
        new Placer(layout, band.Aim).Place(all);
        new Levelling(layout, _ => true).Lower(band.Aim, Effort.Levelling);
        succession.Name();
        new Search(layout, succession, _ => true, _ => true).Improve(band.Aim, rounds);
        if (succession.Excess > 0)
            layout.Restore(owners);
        new Search(layout, succession, v => isFree[v], _ => true).SendHome(band.Tolerance, (int)Math.Min(rounds, all.Count));
    }
}
