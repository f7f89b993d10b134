using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>
/// The survivors of one failure while its VIPs are being packed: what each has of its own, what it takes over by smaller failures and by this
/// packing, and what it must keep free for further failures that the protection allows for.
/// </summary>
internal sealed class Survivors(Layout layout, int[] standbys, int depth, ConflictPenalties penalties)
{
    private readonly IndexedProblem _instance = layout.Instance;
    private readonly int _k = layout.Instance.Problem.Protection.Nodes;
    private readonly bool _byDomain = layout.Instance.Problem.Protection.Domains > 0;
    private readonly bool[] _failing = new bool[layout.Instance.Nodes.Length];
    private readonly Load[] _extra = new Load[layout.Instance.Nodes.Length];
    private readonly Dictionary<int, Load[]> _toward = [];
    private readonly TopLoads _top = new(layout.Instance.Nodes.Length, layout.Instance.Problem.Protection.Nodes);
    private readonly bool _keepsRows = layout.Instance.Problem.Protection is { Nodes: > 1 } or { Domains: > 0 };
    private int[] _set = [];
    private int _level;

    public void Clear()
    {
        _top.Clear();
        foreach (var row in _toward.Values)
            Array.Clear(row);
    }

    /// <summary>These nodes fail together; their VIPs whose standbys of smaller levels live are with those already.</summary>
    public void Fail(int[] nodes, int atLevel)
    {
        (_set, _level) = (nodes, atLevel);
        foreach (var node in nodes)
            _failing[node] = true;
        if (_level > 1)
            Scatter();
    }

    /// <summary>The failure is over; what first standbys would inherit is remembered for the larger failures.</summary>
    public void Recover(ReadOnlySpan<int> vips, int atLevel)
    {
        if (atLevel == 1)
        {
            foreach (var vip in vips)
            {
                var node = standbys[vip * depth];
                if (node != IndexedProblem.Nobody && _k > 1)
                    _top.Raise(node, layout.OwnerOf(vip), Toward(vip)[node]);
            }

        }

        foreach (var node in _set)
            _failing[node] = false;
        Array.Clear(_extra);
    }

    public void Inherit(int vip, int node)
    {
        _extra[node] += _instance.Demand[vip];
        if (_keepsRows)
            Toward(vip)[node] += _instance.Demand[vip];
    }

    public void Release(int vip, int node)
    {
        _extra[node] -= _instance.Demand[vip];
        if (_keepsRows)
            Toward(vip)[node] -= _instance.Demand[vip];
    }

    public bool Fits(int vip, int node)
    {
        if (_failing[node] || !_instance.MayLie[_instance.Class[vip]][node])
            return false;
        var demand = _instance.Demand[vip];
        if (_byDomain && _level == 1)
        {
            return (layout.LoadOf(node) + _extra[node] + demand).FitsIn(_instance.Limit[node])
                && (_k < 2 || (layout.LoadOf(node) + Toward(vip)[node] + demand + Reserved(node)).FitsIn(_instance.Limit[node]));
        }

        return (layout.LoadOf(node) + _extra[node] + Reserved(node) + demand).FitsIn(_instance.Limit[node]);
    }

    /// <summary>
    /// The owner's failure does not bring this survivor much more than its part of what the owner has, or one VIP. What was there before may be a
    /// little less fair than what is new, so that it can stay.
    /// </summary>
    public bool IsFair(int vip, int node)
    {
        if (_level > 1 || Toward(vip)[node] == Load.None)
            return true;
        var owner = layout.OwnerOf(vip);
        var load = layout.LoadOf(owner);
        var taken = Toward(vip)[node] + _instance.Demand[vip];
        var part = (owner == _instance.Owner[vip] ? 3.0 : 1.5) / Math.Max(1, _instance.EligibleOf(vip).Length - 1);
        return taken.Bps <= load.Bps * part && taken.Cps <= load.Cps * part;
    }

    /// <summary><see cref="IndexedProblem.Nobody"/> when it fits nowhere.</summary>
    public int Best(int vip, PackingOrder order)
    {
        var best = order <= PackingOrder.Even ? Best(vip, order, _instance.SampleOf(vip)) : IndexedProblem.Nobody;
        return best != IndexedProblem.Nobody ? best : Best(vip, order, _instance.EligibleOf(vip));
    }

    /// <summary>
    /// When nothing fits: the least overloaded survivor outside the failure, if there is one; otherwise any node that is not in the VIP's line yet.
    /// </summary>
    public int LeastHarmed(int vip, int atLevel)
    {
        var best = IndexedProblem.Nobody;
        var bestRank = default(Rank);
        foreach (var node in _instance.EligibleOf(vip))
        {
            if (node == layout.OwnerOf(vip) || standbys.AsSpan(vip * depth, atLevel - 1).Contains(node))
                continue;
            var rank = new Rank(_failing[node] ? 1 : 0, 0, Worst(vip, node));
            if (best == IndexedProblem.Nobody || rank.IsBefore(bestRank))
                (best, bestRank) = (node, rank);
        }

        return best;
    }

    /// <summary>How far above its limit this VIP would take the survivor, in parts of the limit; one that fails too serves nothing.</summary>
    public double ExcessWith(int vip, int node) => _failing[node] ? 1 : Math.Max(1e-9, Worst(vip, node) - 1);

    private int Best(int vip, PackingOrder order, ReadOnlySpan<int> candidates)
    {
        var best = IndexedProblem.Nobody;
        var bestRank = default(Rank);
        var demand = _instance.Demand[vip];
        var owner = layout.OwnerOf(vip);
        var mine = Toward(vip);
        foreach (var node in candidates)
        {
            var evenness = order <= PackingOrder.Even ? _instance.OfCapacity[node].Scale(mine[node] + demand + penalties.Between(owner, node)) : 0;
            if (_failing[node] || (best != IndexedProblem.Nobody && evenness > bestRank.Evenness))
                continue;
            var worst = Worst(vip, node);
            var rank = new Rank(evenness, _instance.Domain[node] == _instance.Domain[owner] ? 1 : 0, order == PackingOrder.Tightest ? -worst : worst);
            if ((best == IndexedProblem.Nobody || rank.IsBefore(bestRank)) && Fits(vip, node))
                (best, bestRank) = (node, rank);
        }

        return best;
    }

    /// <summary>The survivor's load after the failure, divided by its limit.</summary>
    private double Worst(int vip, int node) =>
        _instance.OfLimit[node].Scale(layout.LoadOf(node) + _extra[node] + Reserved(node) + _instance.Demand[vip]);

    /// <summary>What must stay free for as many further failures as the protection allows for.</summary>
    private Load Reserved(int node) => _k > _level ? _top.Sum(node, _k - _level, _set) : Load.None;

    /// <summary>What the VIP's owner alone may bring each survivor, by standbys of any level.</summary>
    private Load[] Toward(int vip)
    {
        if (!_keepsRows)
            return _extra;
        var owner = layout.OwnerOf(vip);
        if (!_toward.TryGetValue(owner, out var row))
            _toward[owner] = row = new Load[_extra.Length];
        return row;
    }

    private void Scatter()
    {
        foreach (var failed in _set)
        {
            foreach (var vip in layout.On(failed))
            {
                foreach (var node in standbys.AsSpan(vip * depth, _level - 1))
                {
                    if (node == IndexedProblem.Nobody || _failing[node])
                        continue;
                    _extra[node] += _instance.Demand[vip];
                    break;
                }
            }
        }
    }

    private readonly record struct Rank(double Evenness, int Nearness, double Worst)
    {
        public bool IsBefore(in Rank other)
        {
            if (Evenness != other.Evenness)
                return Evenness < other.Evenness;
            return Nearness != other.Nearness ? Nearness < other.Nearness : Worst < other.Worst;
        }
    }
}
