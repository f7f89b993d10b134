namespace Fleet.Placement.Planning;

/// <summary>
/// How many VIPs of one service lie on every node and in every domain. One service at a time is counted: VIPs are asked for in runs of a service.
/// </summary>
internal sealed class Spread(Layout layout)
{
    private readonly Instance instance = layout.Instance;
    private readonly int[] onNode = new int[layout.Instance.Nodes.Length];
    private readonly int[] inDomain = new int[layout.Instance.NodesOfDomain.Length];
    private readonly Dictionary<int, (int[] OnNode, int[] InDomain)> large = [];
    private int counted = Instance.Nobody;

    /// <summary>By node, then by domain: VIPs of the service that have an owner. Valid until the next call.</summary>
    public (int[] OnNode, int[] InDomain) Of(int service)
    {
        if (instance.VipsOfService[service].Length * 4 >= instance.Nodes.Length)
            return Large(service);
        if (counted != Instance.Nobody)
            Count(counted, onNode, inDomain, erase: true);
        counted = service;
        Count(service, onNode, inDomain, erase: false);
        return (onNode, inDomain);
    }

    /// <summary>Tells that the VIP has just got this owner.</summary>
    public void Noted(int vip, int node)
    {
        var service = instance.Service[vip];
        if (service == counted)
            Add(onNode, inDomain, node);
        else if (large.TryGetValue(service, out var counts))
            Add(counts.OnNode, counts.InDomain, node);
    }

    /// <summary>Services of many VIPs, of which there can be few, are counted once.</summary>
    private (int[] OnNode, int[] InDomain) Large(int service)
    {
        if (!large.TryGetValue(service, out var counts))
        {
            large[service] = counts = (new int[instance.Nodes.Length], new int[instance.NodesOfDomain.Length]);
            Count(service, counts.OnNode, counts.InDomain, erase: false);
        }

        return counts;
    }

    private void Count(int service, int[] nodes, int[] domains, bool erase)
    {
        foreach (var vip in instance.VipsOfService[service])
        {
            var node = layout.OwnerOf(vip);
            if (node == Instance.Nobody)
                continue;
            if (erase)
                (nodes[node], domains[instance.Domain[node]]) = (0, 0);
            else
                Add(nodes, domains, node);
        }
    }

    private void Add(int[] nodes, int[] domains, int node)
    {
        nodes[node]++;
        domains[instance.Domain[node]]++;
    }
}
