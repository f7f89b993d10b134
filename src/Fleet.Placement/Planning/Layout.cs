using Fleet.Placement.Model;

namespace Fleet.Placement.Planning;

/// <summary>Who has which VIP while a plan is being made, and what every node carries by it. Fullness is utilisation by the node's level: 1 is where all should be.</summary>
internal sealed class Layout
{
    private readonly Instance instance;
    private readonly Measure[] measure;
    private readonly Load[] load;
    private readonly int[] owner;
    private readonly List<int>[] on;

    public Layout(Instance instance, double[] level)
    {
        this.instance = instance;
        HighestLevel = level.Where((_, n) => instance.Takes[n]).DefaultIfEmpty(1).Max();
        measure = [.. level.Select((l, n) => Measure.By(instance.Capacity[n], l))];
        load = new Load[instance.Nodes.Length];
        on = [.. instance.Nodes.Select(_ => new List<int>())];
        owner = new int[instance.Vips.Length];
        Array.Fill(owner, Instance.Nobody);
        for (var vip = 0; vip < owner.Length; vip++)
        {
            if (instance.Home[vip] != Instance.Nobody)
                Put(vip, instance.Home[vip]);
        }
    }

    public Instance Instance => instance;

    /// <summary>Of the levels that fullness is told by, those of nodes that take VIPs.</summary>
    public double HighestLevel { get; }

    public int OwnerOf(int vip) => owner[vip];

    public Load LoadOf(int node) => load[node];

    /// <summary>Its VIPs, in no order that means anything.</summary>
    public IReadOnlyList<int> On(int node) => on[node];

    /// <summary>What is left of the node's limit.</summary>
    public Load Room(int node) => instance.Limit[node] - load[node];

    public double Fullness(int node) => Fullness(node, load[node]);

    public double Fullness(int node, Load carrying) => measure[node].Of(carrying);

    /// <summary>Connections, not bit/s, are what the node is filled by.</summary>
    public bool IsFullerInConnections(int node) => load[node].Cps * measure[node].PerCps > load[node].Bps * measure[node].PerBps;

    public void Put(int vip, int node)
    {
        owner[vip] = node;
        load[node] += instance.Demand[vip];
        on[node].Add(vip);
    }

    public void Take(int vip)
    {
        var node = owner[vip];
        owner[vip] = Instance.Nobody;
        load[node] -= instance.Demand[vip];
        on[node].Remove(vip);
    }

    public void Move(int vip, int node)
    {
        Take(vip);
        Put(vip, node);
    }

    /// <summary>The fullest node that may be given VIPs; <see cref="Instance.Nobody"/> when there is none.</summary>
    public int Fullest()
    {
        var fullest = Instance.Nobody;
        var most = -1.0;
        for (var node = 0; node < load.Length; node++)
        {
            if (!instance.Takes[node] || Fullness(node) <= most)
                continue;
            fullest = node;
            most = Fullness(node);
        }

        return fullest;
    }

    public double HighestFullness() => Fullest() is var node && node == Instance.Nobody ? 0 : Fullness(node);

    /// <summary>What nodes carry above their limits, in parts of limits, added up.</summary>
    public double Overload()
    {
        var sum = 0.0;
        for (var node = 0; node < load.Length; node++)
            sum += load[node].FitsIn(instance.Limit[node]) ? 0 : instance.OfLimit[node].Of(load[node]) - 1;
        return sum;
    }

    public int[] Owners() => [.. owner];

    /// <summary>Back to owners that <see cref="Owners"/> gave.</summary>
    public void Restore(int[] owners)
    {
        for (var vip = 0; vip < owners.Length; vip++)
        {
            if (owner[vip] == owners[vip])
                continue;
            if (owner[vip] != Instance.Nobody)
                Take(vip);
            if (owners[vip] != Instance.Nobody)
                Put(vip, owners[vip]);
        }
    }
}
