using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>
/// Who has which VIP while a plan is being made, and what every node carries by it. Fullness is utilisation divided by the node's level: 1 is where
/// all should be.
/// </summary>
internal sealed class Layout
{
    private readonly IndexedProblem _instance;
    private readonly Measure[] _measure;
    private readonly Load[] _load;
    private readonly int[] _owner;
    private readonly List<int>[] _on;

    public Layout(IndexedProblem instance, double[] level)
    {
        _instance = instance;
        HighestLevel = level.Where((_, n) => instance.Takes[n]).DefaultIfEmpty(1).Max();
        _measure = [.. level.Select((l, n) => Measure.By(instance.Capacity[n], l))];
        _load = new Load[instance.Nodes.Length];
        _on = [.. instance.Nodes.Select(_ => new List<int>())];
        _owner = new int[instance.Vips.Length];
        Array.Fill(_owner, IndexedProblem.Nobody);
        for (var vip = 0; vip < _owner.Length; vip++)
        {
            if (instance.Home[vip] != IndexedProblem.Nobody)
                Put(vip, instance.Home[vip]);
        }
    }

    public IndexedProblem Instance => _instance;

    /// <summary>The highest level, which fullness is measured by, among the nodes that take VIPs.</summary>
    public double HighestLevel { get; }

    public int OwnerOf(int vip) => _owner[vip];

    public Load LoadOf(int node) => _load[node];

    /// <summary>Its VIPs, in no order that means anything.</summary>
    public IReadOnlyList<int> On(int node) => _on[node];

    /// <summary>What is left of the node's limit.</summary>
    public Load Room(int node) => _instance.Limit[node] - _load[node];

    public double Fullness(int node) => Fullness(node, _load[node]);

    public double Fullness(int node, Load carrying) => _measure[node].Scale(carrying);

    /// <summary>The node is fuller in connections than in bit/s.</summary>
    public bool IsFullerInConnections(int node) => _load[node].Cps * _measure[node].PerCps > _load[node].Bps * _measure[node].PerBps;

    public void Put(int vip, int node)
    {
        _owner[vip] = node;
        _load[node] += _instance.Demand[vip];
        _on[node].Add(vip);
    }

    public void Take(int vip)
    {
        var node = _owner[vip];
        _owner[vip] = IndexedProblem.Nobody;
        _load[node] -= _instance.Demand[vip];
        _on[node].Remove(vip);
    }

    public void Move(int vip, int node)
    {
        Take(vip);
        Put(vip, node);
    }

    /// <summary>The fullest node that may be given VIPs; <see cref="IndexedProblem.Nobody"/> when there is none.</summary>
    public int Fullest()
    {
        var fullest = IndexedProblem.Nobody;
        var most = -1.0;
        for (var node = 0; node < _load.Length; node++)
        {
            if (!_instance.Takes[node] || Fullness(node) <= most)
                continue;
            fullest = node;
            most = Fullness(node);
        }

        return fullest;
    }

    public double HighestFullness() => Fullest() is var node && node == IndexedProblem.Nobody ? 0 : Fullness(node);

    /// <summary>What nodes carry above their limits, in parts of limits, added up.</summary>
    public double Overload()
    {
        var sum = 0.0;
        for (var node = 0; node < _load.Length; node++)
            sum += _load[node].FitsIn(_instance.Limit[node]) ? 0 : _instance.OfLimit[node].Scale(_load[node]) - 1;
        return sum;
    }

    public int[] Owners() => [.. _owner];

    /// <summary>Goes back to owners that <see cref="Owners"/> returned.</summary>
    public void Restore(int[] owners)
    {
        for (var vip = 0; vip < owners.Length; vip++)
        {
            if (_owner[vip] == owners[vip])
                continue;
            if (_owner[vip] != IndexedProblem.Nobody)
                Take(vip);
            if (owners[vip] != IndexedProblem.Nobody)
                Put(vip, owners[vip]);
        }
    }
}
