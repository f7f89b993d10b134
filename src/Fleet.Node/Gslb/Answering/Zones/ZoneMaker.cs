using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// Makes the snapshot of each map as it comes. From one map to the next, only the names that a change affects are encoded again: with 10,000 names
/// and a change every 100 ms, the rest would be all the work. For that it keeps the VIPs of each service and node. It belongs to one thread.
/// </summary>
internal sealed class ZoneMaker
{
    private readonly Dictionary<ServiceName, SortedDictionary<VipAddress, VipEntry>> _vips = [];
    private readonly Dictionary<NodeName, HashSet<VipAddress>> _owned = [];
    private Dictionary<ServiceName, DnsName> _names = [];
    private ILookup<DnsName, Service> _services = Enumerable.Empty<Service>().ToLookup(_ => DnsName.Root);
    private FleetMap? _map;
    private ZoneSnapshot? _last;

    /// <summary>The snapshot that answers for <paramref name="map"/>.</summary>
    /// <param name="change">How it differs from the map before; null where that is not known.</param>
    /// <param name="receivedAt">When it came.</param>
    public ZoneSnapshot Make(FleetMap map, MapDelta? change, Instant receivedAt)
    {
        var made = (change is not null ? Revise(map, change, receivedAt) : null) ?? Begin(map, receivedAt);
        if (change is null || change.NodesGone.Length > 0 || change.Nodes.Any(node => node.Presence == NodePresence.Down))
            AnswerInvariant.Check(map, made, NameOfVips);
        (_map, _last) = (map, made);
        return made;
    }

    private ZoneSnapshot Begin(FleetMap map, Instant receivedAt)
    {
        _vips.Clear();
        _owned.Clear();
        foreach (var vip in map.Vips.Values)
            Enter(vip);
        _services = ZoneDescription.ServicesByName(map);
        _names = _services
            .SelectMany(named => named.Select(service => (service.Name, Dns: named.Key)))
            .ToDictionary(pair => pair.Name, pair => pair.Dns);
        var known = _last is not null && ReferenceEquals(_map?.Policy.Zone.Topology, map.Policy.Zone.Topology) ? _last.Clients : null;
        return new ZoneSnapshot(ZoneDescription.Describe(map, known), receivedAt);
    }

    private ZoneSnapshot? Revise(FleetMap map, MapDelta change, Instant receivedAt)
    {
        var isWide = change.Policy is not null || change.Services.Length > 0 || change.ServicesGone.Length > 0;
        if (isWide || _map is null || _last is null || change.From != _map.Version)
            return null;
        var touched = new HashSet<ServiceName>(
            change.Verdicts.Keys.Concat(change.VerdictsGone).Concat(change.Feedback.Keys).Concat(change.FeedbackGone).Select(key => key.Service));
        foreach (var node in change.Nodes.Select(node => node.Name).Concat(change.NodesGone))
            touched.UnionWith(ServicesOn(node));
        touched.UnionWith(ServicesMindful(change));
        foreach (var gone in change.VipsGone)
            Leave(gone, touched);
        foreach (var vip in change.Vips)
        {
            Leave(vip.Address, touched);
            Enter(vip);
            touched.Add(vip.Service);
        }

        var changed = ZoneDescription.Frame(map) with
        {
            Names =
            [
                .. touched.Where(_names.ContainsKey).Select(service => _names[service]).Distinct()
                    .Select(name => ZoneDescription.Describe(map, name, _services[name], VipsOf)),
            ],
        };
        return _last.Revise(changed, receivedAt);
    }

    private DnsName? NameOfVips(ServiceName service) =>
        _names.TryGetValue(service, out var name) && _services[name].All(named => named.Gslb.Answer == AnswerKind.Vips) ? name : null;

    private IEnumerable<VipEntry> VipsOf(ServiceName service) => _vips.TryGetValue(service, out var vips) ? vips.Values : [];

    private IEnumerable<ServiceName> ServicesOn(NodeName node) =>
        _owned.TryGetValue(node, out var owned) ? owned.Select(vip => _map!.Vips[vip].Service) : [];

    /// <summary>
    /// The services that a change of sites affects: a site that is held down concerns all services, a full one those that overflow.
    /// </summary>
    private IEnumerable<ServiceName> ServicesMindful(MapDelta change)
    {
        SiteEntry[] changed = [.. change.Sites, .. change.SitesGone.Select(SiteEntry.Well)];
        if (changed.Length == 0)
            return [];
        return changed.Any(site => site.HeldDown != _map!.SiteOf(site.Name).HeldDown)
            ? _names.Keys
            : _names.Keys.Where(name => _map!.Services[name].Gslb.Overflow);
    }

    private void Enter(VipEntry vip)
    {
        if (!_vips.TryGetValue(vip.Service, out var siblings))
            _vips[vip.Service] = siblings = [];
        siblings[vip.Address] = vip;
        if (vip.Owner is not { } owner)
            return;
        if (!_owned.TryGetValue(owner, out var owned))
            _owned[owner] = owned = [];
        owned.Add(vip.Address);
    }

    private void Leave(VipAddress address, HashSet<ServiceName> touched)
    {
        if (!_map!.Vips.TryGetValue(address, out var before))
            return;
        touched.Add(before.Service);
        _vips[before.Service].Remove(address);
        if (before.Owner is { } owner)
            _owned[owner].Remove(address);
    }
}
