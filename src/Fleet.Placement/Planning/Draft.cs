using Fleet.Placement.Model;
using Fleet.Shared.Map;

namespace Fleet.Placement.Planning;

/// <summary>A plan in the making.</summary>
internal sealed class Draft
{
    private readonly IndexedProblem _instance;
    private readonly Band _band;
    private readonly bool[] _isFree;
    private bool _isRecovery;
    private int[]? _unbalanced;
    private readonly HashSet<int> _overloaded = [];
    private readonly HashSet<int> _shed = [];

    public Draft(IndexedProblem instance)
    {
        _instance = instance;
        _band = Band.FromPolicy(instance.Problem.Policy);
        Layout = new Layout(instance, Levels.Find(instance));
        Succession = new Succession(Layout);
        _isFree = [.. instance.Home.Select(home => home == IndexedProblem.Nobody)];
        for (var node = 0; node < instance.Nodes.Length; node++)
        {
            if (!Layout.LoadOf(node).FitsIn(instance.Limit[node]))
                _overloaded.Add(node);
        }
    }

    public Layout Layout { get; }

    public Succession Succession { get; }

    /// <summary>
    /// Places the VIPs that nobody may keep: those of a lost node go to the first standby that lives, the others where they fit best.
    /// </summary>
    public void Recover()
    {
        var homeless = new List<int>();
        for (var vip = 0; vip < _isFree.Length; vip++)
        {
            if (!_isFree[vip])
                continue;
            var successor = IsLost(vip) ? _instance.Named(vip).FirstOrDefault(IndexedProblem.Nobody) : IndexedProblem.Nobody;
            _isFree[vip] = successor == IndexedProblem.Nobody;
            _isRecovery |= IsLost(vip);
            if (_isFree[vip])
                homeless.Add(vip);
            else
                Layout.Put(vip, successor);
        }

        new Placer(Layout, _band.Aim).Place(homeless);
        new Levelling(Layout, v => _isFree[v]).Lower(homeless.Count == 0 ? double.MaxValue : _band.Aim, Effort.Levelling);
    }

    /// <summary>Evens out what is too uneven: nodes that are too full give, nodes that are all but empty get.</summary>
    public void Balance()
    {
        Level();
        if (!_isRecovery)
            Fill();
    }

    /// <summary>Names the standbys, and moves what has to move so that they have room.</summary>
    public void Protect() => new Defence(Layout, Succession, _band, _isFree, _shed).Raise(_unbalanced, _isRecovery);

    public MoveReason ReasonOf(int vip)
    {
        if (_instance.Owner[vip] is var owner && owner == IndexedProblem.Nobody)
            return _instance.Vips[vip].Owner is null ? MoveReason.Placed : MoveReason.OwnerLost;
        if (_instance.Home[vip] == IndexedProblem.Nobody)
            return IsLost(vip)
                ? MoveReason.OwnerLost
                : _instance.Vips[vip].MayLieOn(_instance.Nodes[owner])
                ? MoveReason.OwnerDraining
                : MoveReason.Outside;
        if (_overloaded.Contains(owner))
            return MoveReason.Overload;
        return _shed.Contains(vip) ? MoveReason.Balance : MoveReason.Protection;
    }

    /// <summary>
    /// Nodes above their limit or above the band give away VIPs; during recovery from a loss, only those above their limit. A change that relieves no
    /// overload is made only if it brings the fullest node into the band, or nearer to it by half the band.
    /// </summary>
    private void Level()
    {
        var before = Layout.HighestFullness();
        if ((before <= _band.Tolerance || _isRecovery) && _overloaded.Count == 0)
            return;
        var (owners, overload) = (Layout.Owners(), Layout.Overload());
        foreach (var vip in new Relief(Layout, _band.Tolerance).Shed())
            _shed.Add(vip);
        new Placer(Layout, _band.Aim).Place(_shed);
        new Levelling(Layout, v => _isFree[v] || _shed.Contains(v)).Lower(_band.Tolerance, Effort.Levelling);
        new Levelling(Layout, _ => !_isRecovery).Lower(_band.Tolerance, Effort.Levelling);
        NoteMoved(owners);
        SendHome(owners);
        _unbalanced = owners;
        var after = Layout.HighestFullness();
        var isRelieved = _overloaded.Count > 0 && Layout.Overload() < overload * (1 - _band.Gain);
        if (isRelieved || (!_isRecovery && ((after <= _band.Tolerance && before > _band.Tolerance) || before - after >= _band.Gain)))
            return;
        _shed.Clear();
        _unbalanced = null;
        Layout.Restore(owners);
    }

    private void Fill()
    {
        var filling = new Filling(Layout, _band);
        if (!filling.IsCalledFor)
            return;
        var owners = Layout.Owners();
        filling.Fill();
        _unbalanced ??= owners;
        NoteMoved(owners);
    }

    private void NoteMoved(int[] owners)
    {
        for (var vip = 0; vip < owners.Length; vip++)
        {
            if (!_isFree[vip] && Layout.OwnerOf(vip) != owners[vip])
                _shed.Add(vip);
        }
    }

    /// <summary>A VIP that was given away and could as well have stayed goes back: no move for nothing.</summary>
    private void SendHome(int[] owners)
    {
        var highest = Math.Max(_band.Tolerance, Layout.HighestFullness());
        foreach (var vip in _shed.OrderByDescending(v => _instance.Demand[v].Bps).ThenBy(v => v).ToArray())
        {
            var home = owners[vip];
            var before = Layout.LoadOf(home) + _instance.Demand[vip];
            if (Layout.OwnerOf(vip) != home
                && _instance.Takes[home]
                && Layout.Fullness(home, before) <= highest
                && before.FitsIn(_instance.Limit[home]))
                Layout.Move(vip, home);
            if (Layout.OwnerOf(vip) == home)
                _shed.Remove(vip);
        }
    }

    private bool IsLost(int vip) =>
        _instance.Owner[vip] is var owner && owner != IndexedProblem.Nobody && _instance.Nodes[owner].State == PlanNodeState.Down;
}
