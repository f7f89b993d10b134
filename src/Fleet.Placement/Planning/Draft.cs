using Fleet.Placement.Model;
using Fleet.Shared.Map;

namespace Fleet.Placement.Planning;

/// <summary>A plan in the making.</summary>
internal sealed class Draft
{
    private readonly Instance instance;
    private readonly double tolerance;
    private readonly double ceiling;
    private readonly bool[] isFree;
    private bool isRecovery;
    private readonly HashSet<int> overloaded = [];
    private readonly HashSet<int> shed = [];

    public Draft(Instance instance)
    {
        this.instance = instance;
        tolerance = 1 + instance.Problem.Policy.BalanceBand;
        ceiling = 1 + (instance.Problem.Policy.BalanceBand / 2);
        Layout = new Layout(instance, Levels.Of(instance));
        Succession = new Succession(Layout);
        isFree = [.. instance.Home.Select(home => home == Instance.Nobody)];
        for (var node = 0; node < instance.Nodes.Length; node++)
        {
            if (!Layout.LoadOf(node).FitsIn(instance.Limit[node]))
                overloaded.Add(node);
        }
    }

    public Layout Layout { get; }

    /// <summary>Hysteresis: what gains less is left as it is.</summary>
    private double Gain => instance.Problem.Policy.BalanceBand / 2;

    public Succession Succession { get; }

    /// <summary>VIPs that nobody may keep: of a lost node to the first standby that lives, the others where they fit best.</summary>
    public void Recover()
    {
        var homeless = new List<int>();
        for (var vip = 0; vip < isFree.Length; vip++)
        {
            if (!isFree[vip])
                continue;
            var heir = IsLost(vip) ? instance.Named(vip).FirstOrDefault(Instance.Nobody) : Instance.Nobody;
            isFree[vip] = heir == Instance.Nobody;
            isRecovery |= IsLost(vip);
            if (isFree[vip])
                homeless.Add(vip);
            else
                Layout.Put(vip, heir);
        }

        new Placer(Layout, ceiling).Place(homeless);
        new Levelling(Layout, v => isFree[v]).Lower(homeless.Count == 0 ? double.MaxValue : ceiling, Effort.Levelling);
    }

    /// <summary>
    /// Nodes above their limit or above the band give away VIPs; while a loss is being recovered from, only the former. What brings the fullest node neither into the band
    /// nor nearer to it by half the band, and relieves no overload, is not done.
    /// </summary>
    public void Balance()
    {
        var before = Layout.HighestFullness();
        if ((before <= tolerance || isRecovery) && overloaded.Count == 0)
            return;
        var (owners, overload) = (Layout.Owners(), Layout.Overload());
        foreach (var vip in new Relief(Layout, tolerance).Shed())
            shed.Add(vip);
        new Placer(Layout, ceiling).Place(shed);
        new Levelling(Layout, v => isFree[v] || shed.Contains(v)).Lower(tolerance, Effort.Levelling);
        new Levelling(Layout, _ => !isRecovery).Lower(tolerance, Effort.Levelling);
        for (var vip = 0; vip < owners.Length; vip++)
        {
            if (!isFree[vip] && Layout.OwnerOf(vip) != owners[vip])
                shed.Add(vip);
        }

        SendHome(owners);
        var after = Layout.HighestFullness();
        var isRelieved = overloaded.Count > 0 && Layout.Overload() < overload * (1 - Gain);
        if (isRelieved || (after <= tolerance && before > tolerance) || before - after >= Gain)
            return;
        shed.Clear();
        Layout.Restore(owners);
    }

    /// <summary>Names the standbys; where that leaves VIPs without room after a failure, or free ones make a node fuller than need be, looks for a better layout.</summary>
    public void Protect()
    {
        Succession.Name();
        Succession.Rehearse(Effort.Rehearsal);
        Succession.Answer();
        var isImprovable = isFree.Contains(true) && Layout.HighestFullness() > ceiling;
        if (isRecovery || (Succession.Excess == 0 && !isImprovable))
            return;
        var rounds = (long)(Effort.Search / (50 + Succession.Effort));
        if (isFree.Contains(true))
            new Search(Layout, Succession, v => isFree[v], v => isFree[v]).Improve(ceiling, rounds);
        if (Succession.Excess > 0 && isFree.Contains(false))
            new Search(Layout, Succession, v => isFree[v] || shed.Contains(v), _ => true).Improve(double.MaxValue, rounds);
        Succession.Rehearse(Effort.Rehearsal);
    }

    public MoveReason ReasonOf(int vip)
    {
        if (instance.Owner[vip] is var owner && owner == Instance.Nobody)
            return instance.Vips[vip].Owner is null ? MoveReason.Placed : MoveReason.OwnerLost;
        if (instance.Home[vip] == Instance.Nobody)
            return IsLost(vip) ? MoveReason.OwnerLost : MoveReason.OwnerDraining;
        if (overloaded.Contains(owner))
            return MoveReason.Overload;
        return shed.Contains(vip) ? MoveReason.Balance : MoveReason.Protection;
    }

    /// <summary>What was given away and could as well have stayed goes back: no move for nothing.</summary>
    private void SendHome(int[] owners)
    {
        var highest = Math.Max(tolerance, Layout.HighestFullness());
        foreach (var vip in shed.OrderByDescending(v => instance.Demand[v].Bps).ThenBy(v => v).ToArray())
        {
            var home = owners[vip];
            var before = Layout.LoadOf(home) + instance.Demand[vip];
            if (Layout.OwnerOf(vip) != home && instance.Takes[home] && Layout.Fullness(home, before) <= highest && before.FitsIn(instance.Limit[home]))
                Layout.Move(vip, home);
            if (Layout.OwnerOf(vip) == home)
                shed.Remove(vip);
        }
    }

    private bool IsLost(int vip) => instance.Owner[vip] is var owner && owner != Instance.Nobody && instance.Nodes[owner].State == PlanNodeState.Down;
}

/// <summary>How much is looked at before a search is content with what it has, in candidates.</summary>
internal static class Effort
{
    public const long Levelling = 30_000_000;

    public const long Search = 16_000_000;

    /// <summary>For naming with the drill's findings in mind.</summary>
    public const long Rehearsal = 100_000_000;
}
