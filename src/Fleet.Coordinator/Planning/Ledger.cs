using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Planning;

/// <summary>
/// What every node that may take VIPs carries, counted where each VIP will be once all handovers under way are done. Loads are in bit/s; a VIP of unknown demand
/// counts as the share-max of the smallest node, so that unknown VIPs are spread by number.
/// </summary>
public sealed class Ledger
{
    private readonly FleetMap map;
    private readonly long nominalBps;
    private readonly SortedDictionary<NodeName, NodeEntry> nodes = [];
    private readonly Dictionary<NodeName, double> load = [];
    private readonly Dictionary<(ServiceName Service, NodeName Node), int> onNode = [];
    private readonly Dictionary<(ServiceName Service, SiteName Site, DomainName Domain), int> inDomain = [];

    /// <summary>Counts the VIPs of <paramref name="map"/>; only nodes that <paramref name="takesVips"/> accepts are offered as targets.</summary>
    /// <param name="map">What is.</param>
    /// <param name="takesVips">Who may be given VIPs.</param>
    /// <param name="decided">Moves of VIPs that no node that is up owns, not in the map yet.</param>
    public Ledger(FleetMap map, Func<NodeEntry, bool> takesVips, IEnumerable<VipMove>? decided = null)
    {
        this.map = map;
        foreach (var node in map.Nodes.Values.Where(takesVips))
        {
            nodes[node.Name] = node;
            load[node.Name] = 0;
        }

        var smallest = map.Nodes.Count == 0 ? 0 : map.Nodes.Values.Min(n => n.Facts.CapacityBps);
        nominalBps = Math.Max(1, (long)(smallest * map.Policy.Placement.ShareMax));
        foreach (var vip in map.Vips.Values)
        {
            if (vip.Destination is { } node && map.Nodes.TryGetValue(node, out var entry) && entry.Presence == NodePresence.Up)
                Put(vip, node);
        }

        foreach (var move in decided ?? [])
            Put(map.Vips[move.Vip], move.To);
    }

    public IReadOnlyCollection<NodeName> Nodes => nodes.Keys;

    public double Demand(VipEntry vip) => vip.DemandBps > 0 ? vip.DemandBps : nominalBps;

    /// <summary>Load by capacity; 1 is full.</summary>
    public double Utilisation(NodeName node) => load[node] / Capacity(node);

    public double UtilisationWith(NodeName node, VipEntry vip) => (load[node] + Demand(vip)) / Capacity(node);

    public int OnNode(ServiceName service, NodeName node) => onNode.GetValueOrDefault((service, node));

    public void Put(VipEntry vip, NodeName node) => Count(vip, node, +1);

    public void Take(VipEntry vip, NodeName node) => Count(vip, node, -1);

    /// <summary>In the service's site where it names one.</summary>
    public static bool MayLieOn(FleetMap map, VipEntry vip, NodeEntry node) => map.Services.GetValueOrDefault(vip.Service)?.Site is not { } site || node.Facts.Site == site;

    /// <summary>Where this VIP may lie: nodes that take VIPs, in the service's site where it names one.</summary>
    public IEnumerable<NodeName> Eligible(VipEntry vip) => nodes.Values.Where(n => MayLieOn(map, vip, n)).Select(n => n.Name);

    /// <summary>
    /// The eligible node that would be least utilised with this VIP; among equals the one with the fewest VIPs of its service, then in the domain with the fewest,
    /// then the first by name. Null when there is none.
    /// </summary>
    public NodeName? Best(VipEntry vip, Func<NodeName, bool>? also = null)
    {
        var candidates = Eligible(vip).Where(n => also is null || also(n)).ToArray();
        return candidates.Length == 0
            ? null
            : candidates.MinBy(n => (Math.Round(UtilisationWith(n, vip), 9), OnNode(vip.Service, n), InDomain(vip.Service, n), n));
    }

    private int InDomain(ServiceName service, NodeName node)
    {
        var facts = map.Nodes[node].Facts;
        return inDomain.GetValueOrDefault((service, facts.Site, facts.Domain));
    }

    private void Count(VipEntry vip, NodeName node, int sign)
    {
        if (load.TryGetValue(node, out var before))
            load[node] = before + (sign * Demand(vip));
        onNode[(vip.Service, node)] = OnNode(vip.Service, node) + sign;
        var facts = map.Nodes[node].Facts;
        var domain = (vip.Service, facts.Site, facts.Domain);
        inDomain[domain] = inDomain.GetValueOrDefault(domain) + sign;
    }

    private double Capacity(NodeName node) => Math.Max(1, map.Nodes[node].Facts.CapacityBps);
}
