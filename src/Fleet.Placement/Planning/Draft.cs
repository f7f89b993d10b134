using Fleet.Placement.Model;
using Fleet.Shared.Map;

namespace Fleet.Placement.Planning;

/// <summary>A plan in the making.</summary>
internal sealed class Draft
{
    private readonly Instance instance;
    private readonly Band band;
    private readonly bool[] isFree;
    private bool isRecovery;
    private int[]? unbalanced;
    private readonly HashSet<int> overloaded = [];
    private readonly HashSet<int> shed = [];

    public Draft(Instance instance)
    {
        this.instance = instance;
        band = Band.Of(instance.Problem.Policy);
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

    public Succession Succession { get; }

    /// <summary>VIPs that nobody may keep: of a lost node to the first standby that lives, the others where they fit best.</summary>
    public void Recover()
    {
        var homeless = new List<int>();
        for (var vip = 0; vip < isFree.Length; vip++)
        {
            if (!isFree[vip])
                continue;
            var successor = IsLost(vip) ? instance.Named(vip).FirstOrDefault(Instance.Nobody) : Instance.Nobody;
            isFree[vip] = successor == Instance.Nobody;
            isRecovery |= IsLost(vip);
            if (isFree[vip])
                homeless.Add(vip);
            else
                Layout.Put(vip, successor);
        }

        new Placer(Layout, band.Aim).Place(homeless);
        new Levelling(Layout, v => isFree[v]).Lower(homeless.Count == 0 ? double.MaxValue : band.Aim, Effort.Levelling);
    }

    /// <summary>Evens out what is too uneven: the too full give, the all but empty get.</summary>
    public void Balance()
    {
        Level();
        if (!isRecovery)
            Fill();
    }

    /// <summary>Names the standbys, and moves what has to move so that they have room.</summary>
    public void Protect() => new Defence(Layout, Succession, band, isFree, shed).Raise(unbalanced, isRecovery);

    public MoveReason ReasonOf(int vip)
    {
        if (instance.Owner[vip] is var owner && owner == Instance.Nobody)
            return instance.Vips[vip].Owner is null ? MoveReason.Placed : MoveReason.OwnerLost;
        if (instance.Home[vip] == Instance.Nobody)
            return IsLost(vip) ? MoveReason.OwnerLost : instance.Vips[vip].MayLieOn(instance.Nodes[owner]) ? MoveReason.OwnerDraining : MoveReason.Outside;
        if (overloaded.Contains(owner))
            return MoveReason.Overload;
        return shed.Contains(vip) ? MoveReason.Balance : MoveReason.Protection;
    }

    /// <summary>
    /// Nodes above their limit or above the band give away VIPs; while a loss is being recovered from, only the former. What brings the fullest node neither into the band
    /// nor nearer to it by half the band, and relieves no overload, is not done.
    /// </summary>
    private void Level()
    {
        var before = Layout.HighestFullness();
        if ((before <= band.Tolerance || isRecovery) && overloaded.Count == 0)
            return;
        var (owners, overload) = (Layout.Owners(), Layout.Overload());
        foreach (var vip in new Relief(Layout, band.Tolerance).Shed())
            shed.Add(vip);
        new Placer(Layout, band.Aim).Place(shed);
        new Levelling(Layout, v => isFree[v] || shed.Contains(v)).Lower(band.Tolerance, Effort.Levelling);
        new Levelling(Layout, _ => !isRecovery).Lower(band.Tolerance, Effort.Levelling);
        NoteMoved(owners);
        SendHome(owners);
        unbalanced = owners;
        var after = Layout.HighestFullness();
        var isRelieved = overloaded.Count > 0 && Layout.Overload() < overload * (1 - band.Gain);
        if (isRelieved || (!isRecovery && ((after <= band.Tolerance && before > band.Tolerance) || before - after >= band.Gain)))
            return;
        shed.Clear();
        unbalanced = null;
        Layout.Restore(owners);
    }

    private void Fill()
    {
        var filling = new Filling(Layout, band);
        if (!filling.IsCalledFor)
            return;
        var owners = Layout.Owners();
        filling.Fill();
        unbalanced ??= owners;
        NoteMoved(owners);
    }

    private void NoteMoved(int[] owners)
    {
        for (var vip = 0; vip < owners.Length; vip++)
        {
            if (!isFree[vip] && Layout.OwnerOf(vip) != owners[vip])
                shed.Add(vip);
        }
    }

    /// <summary>What was given away and could as well have stayed goes back: no move for nothing.</summary>
    private void SendHome(int[] owners)
    {
        var highest = Math.Max(band.Tolerance, Layout.HighestFullness());
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
