namespace Fleet.Placement.Planning;

/// <summary>
/// How many VIPs of one service lie on every node and in every domain. One service at a time is counted: VIPs are asked for in runs of a service.
/// </summary>
internal sealed class Spread(Layout layout)
{
    private readonly IndexedProblem _instance = layout.Instance;
    private readonly int[] _onNode = new int[layout.Instance.Nodes.Length];
    private readonly int[] _inDomain = new int[layout.Instance.NodesOfDomain.Length];
    private readonly Dictionary<int, (int[] OnNode, int[] InDomain)> _large = [];
    private int _counted = IndexedProblem.Nobody;

    /// <summary>By node, then by domain: VIPs of the service that have an owner. Valid until the next call.</summary>
    public (int[] OnNode, int[] InDomain) ForService(int service)
    {
        if (_instance.VipsOfService[service].Length * 4 >= _instance.Nodes.Length)
            return Large(service);
        if (_counted != IndexedProblem.Nobody)
            Count(_counted, _onNode, _inDomain, erase: true);
        _counted = service;
        Count(service, _onNode, _inDomain, erase: false);
        return (_onNode, _inDomain);
    }

    /// <summary>Notes that the VIP has just got this owner.</summary>
    public void Noted(int vip, int node)
    {
        var service = _instance.Service[vip];
        if (service == _counted)
            Add(_onNode, _inDomain, node);
        else if (_large.TryGetValue(service, out var counts))
            Add(counts.OnNode, counts.InDomain, node);
    }

    /// <summary>Services of many VIPs, of which there can be few, are counted once.</summary>
    private (int[] OnNode, int[] InDomain) Large(int service)
    {
        if (!_large.TryGetValue(service, out var counts))
        {
            _large[service] = counts = (new int[_instance.Nodes.Length], new int[_instance.NodesOfDomain.Length]);
            Count(service, counts.OnNode, counts.InDomain, erase: false);
        }

        return counts;
    }

    private void Count(int service, int[] nodes, int[] domains, bool erase)
    {
        foreach (var vip in _instance.VipsOfService[service])
        {
            var node = layout.OwnerOf(vip);
            if (node == IndexedProblem.Nobody)
                continue;
            if (erase)
                (nodes[node], domains[_instance.Domain[node]]) = (0, 0);
            else
                Add(nodes, domains, node);
        }
    }

    private void Add(int[] nodes, int[] domains, int node)
    {
        nodes[node]++;
        domains[_instance.Domain[node]]++;
    }
}
