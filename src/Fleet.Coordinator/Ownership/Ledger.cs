using Fleet.Coordinator.Journal;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Ownership;

/// <summary>
/// What every node that may take VIPs carries, for VIPs that must go somewhere at once and have no prepared place. Each VIP is counted where it will
/// be once all handovers under way are done. Loads are in bit/s; a VIP of unknown demand counts as the share-max of the smallest node, so that
/// unknown VIPs are spread by number.
/// </summary>
internal sealed class Ledger
{
    /// <summary>
    /// How many of a site's least utilised nodes are looked at: more would be exact where capacities differ much, but slow in large fleets.
    /// </summary>
    private const int LookedAtMax = 64;

    private readonly FleetMap _map;
    private readonly HashSet<ServiceName> _services;
    private readonly long _nominalBps;
    private readonly Dictionary<NodeName, double> _load = [];
    private readonly SortedDictionary<SiteName, SortedSet<(double Utilisation, NodeName Node)>> _sites = [];
    private readonly Dictionary<(ServiceName Service, NodeName Node), int> _onNode = [];
    private readonly Dictionary<(ServiceName Service, SiteName Site, DomainName Domain), int> _inDomain = [];

    /// <param name="map">The map as it is.</param>
    /// <param name="takesVips">Who may be given VIPs.</param>
    /// <param name="wanted">The VIPs that are to be placed.</param>
    /// <param name="decided">Moves that are not in the map yet, of VIPs that no up node owns.</param>
    public Ledger(FleetMap map, Func<NodeEntry, bool> takesVips, IEnumerable<VipEntry> wanted, IEnumerable<VipMove> decided)
    {
        _map = map;
        _services = [.. wanted.Select(v => v.Service)];
        _nominalBps = Placement.Model.ProblemOf.UnknownBps(map);
        foreach (var node in map.Nodes.Values.Where(takesVips))
            _load[node.Name] = 0;
        foreach (var vip in map.Vips.Values)
        {
            if (vip.Destination is { } node && map.Nodes.TryGetValue(node, out var entry) && entry.Presence == NodePresence.Up)
                Count(vip, node);
        }

        foreach (var node in _load.Keys)
            Ranking(node).Add((Utilisation(node), node));
        foreach (var move in decided)
            Put(map.Vips[move.Vip], move.To);
    }

    /// <summary>The node is in the site that the VIP or the service names, and in the segment that the service names, if they name any.</summary>
    public static bool MayLieOn(FleetMap map, VipEntry vip, NodeEntry node) =>
        (map.SiteOf(vip) is not { } site || site == node.Facts.Site)
        && (map.Services.GetValueOrDefault(vip.Service)?.Segment is not { } segment || segment == node.Facts.Segment);

    public void Put(VipEntry vip, NodeName node)
    {
        var isRanked = _load.ContainsKey(node) && Ranking(node).Remove((Utilisation(node), node));
        Count(vip, node);
        if (isRanked)
            Ranking(node).Add((Utilisation(node), node));
    }

    /// <summary>
    /// The eligible node that would be least utilised with this VIP; among equals the one with the fewest VIPs of its service, then in the domain
    /// with the fewest, then the first by name. Null when there is none.
    /// </summary>
    /// <param name="vip">The VIP that is to be placed.</param>
    /// <param name="isWell">Only nodes for which this is true are eligible; null means all.</param>
    public NodeName? Best(VipEntry vip, Func<NodeName, bool>? isWell = null)
    {
        var candidates = _sites.Values
            .SelectMany(
                ranked => ranked.Select(r => r.Node).Where(n => MayLieOn(_map, vip, _map.Nodes[n]) && isWell?.Invoke(n) != false).Take(LookedAtMax))
            .ToArray();
        return candidates.Length == 0
            ? null
            : candidates.MinBy(n =>
                (Math.Round((_load[n] + Demand(vip)) / Capacity(n), 9), _onNode.GetValueOrDefault((vip.Service, n)), InDomain(vip.Service, n),
                    n));
    }

    private double Demand(VipEntry vip) => Math.Max(vip.DemandBps, vip.MeasuredBps) is > 0 and var known ? known : _nominalBps;

    private double Utilisation(NodeName node) => Math.Round(_load[node] / Capacity(node), 9);

    private double Capacity(NodeName node) => Math.Max(1, _map.Nodes[node].Facts.CapacityBps);

    private SortedSet<(double Utilisation, NodeName Node)> Ranking(NodeName node)
    {
        var site = _map.Nodes[node].Facts.Site;
        if (!_sites.TryGetValue(site, out var ranked))
            _sites[site] = ranked = [];
        return ranked;
    }

    private int InDomain(ServiceName service, NodeName node)
    {
        var facts = _map.Nodes[node].Facts;
        return _inDomain.GetValueOrDefault((service, facts.Site, facts.Domain));
    }

    private void Count(VipEntry vip, NodeName node)
    {
        if (_load.TryGetValue(node, out var before))
            _load[node] = before + Demand(vip);
        if (!_services.Contains(vip.Service))
            return;
        _onNode[(vip.Service, node)] = _onNode.GetValueOrDefault((vip.Service, node)) + 1;
        var facts = _map.Nodes[node].Facts;
        _inDomain[(vip.Service, facts.Site, facts.Domain)] = InDomain(vip.Service, node) + 1;
    }
}
