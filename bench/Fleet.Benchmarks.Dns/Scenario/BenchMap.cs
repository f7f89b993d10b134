using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Benchmarks.Dns.Scenario;

/// <summary>The fleet map that says of a workload what other servers read from their configuration.</summary>
public static class BenchMap
{
    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 1);

    public static FleetMap Create(Workload workload)
    {
        var services = Enumerable.Range(0, workload.Names).Select(ServiceOf).ToArray();
        return new FleetMap
        {
            Version = new MapVersion(1, 1),
            Policy = FleetPolicy.Default with { Zone = ZoneOf(workload) },
            Nodes = Enumerable.Range(0, Workload.Sites).SelectMany(NodesOf).ToImmutableSortedDictionary(node => node.Name, node => node),
            Services = services.ToImmutableSortedDictionary(service => service.Name, service => service),
            Vips = Enumerable.Range(0, workload.Names).SelectMany(VipsOf).ToImmutableSortedDictionary(vip => vip.Address, vip => vip),
        };
    }

    /// <summary>The next map: the VIP of that number, counted over all, has gone to another node of its site.</summary>
    public static (FleetMap Map, MapDelta Change) Move(FleetMap map, Workload workload, int move)
    {
        var name = (int)((uint)(move * 7919) % (uint)workload.Names);
        var site = move & 1;
        var vip = map.Vips[new VipAddress(Workload.Address(name, site, 0))];
        var node = (vip.Owner!.Value.Value[^1] - '0' + 2) % Workload.NodesPerSite;
        return Next(map, vip with { Owner = NodeName(site, node), Since = map.Version.Revision + 1 });
    }

    /// <summary>The next map: of the first name's addresses in the first site only this one is served, the others are quiet.</summary>
    public static (FleetMap Map, MapDelta Change) ServeOnly(FleetMap map, int which)
    {
        var vips = Enumerable.Range(0, Workload.AddressesPerSite)
            .Select(other =>
                map.Vips[new VipAddress(Workload.Address(0, 0, other))] with { Phase = other == which ? VipPhase.Serving : VipPhase.Draining });
        return Next(map, [.. vips]);
    }

    private static (FleetMap Map, MapDelta Change) Next(FleetMap map, params VipEntry[] vips)
    {
        var change = new MapDelta { From = map.Version, To = map.Version with { Revision = map.Version.Revision + 1 }, Vips = [.. vips] };
        return change.TryApply(map, out var next)
            ? (next, change)
            : throw new InvalidOperationException("a change did not fit the map it was made for");
    }

    private static GslbZone ZoneOf(Workload workload) => new(Workload.Zone, 0, 5, 1, "hostmaster")
    {
        Topology = Enumerable.Range(0, workload.Prefixes)
            .GroupBy(
                Workload.SiteOf,
                network => Prefix.TryParse(Workload.Cidr(network), out var prefix) ? prefix : throw new FormatException(Workload.Cidr(network)))
            .ToImmutableSortedDictionary(site => Site(site.Key), site => site.ToImmutableArray()),
    };

    private static IEnumerable<NodeEntry> NodesOf(int site) => Enumerable.Range(0, Workload.NodesPerSite).Select(node => new NodeEntry
    {
        Facts = new NodeFacts(NodeName(site, node), Site(site), DomainName.Parse($"rack-{node}"), 88_000_000_000, Nowhere, Nowhere, Nowhere),
        Intent = NodeIntent.Active,
        Presence = NodePresence.Up,
        Weight = Workload.WeightOf(node),
    });

    private static Service ServiceOf(int name) => new()
    {
        Name = ServiceName.Parse(Workload.Label(name)),
        Listeners = [new Listener(80, ListenerProtocol.Tcp)],
        SiteVips = Enumerable.Range(0, Workload.Sites).ToImmutableSortedDictionary(
            Site,
            site =>
                Enumerable
                    .Range(0, Workload.AddressesPerSite)
                    .Select(which => new VipAddress(Workload.Address(name, site, which)))
                    .ToImmutableArray()),
        Pool = new Pool([new Backend("b", Nowhere)], CheckSpec.Default, BalancePolicy.RoundRobin, AllDown.FailClosed, false),
        Gslb = new GslbSpec { Sites = [Site(0), Site(1)] },
    };

    private static IEnumerable<VipEntry> VipsOf(int name) =>
        from site in Enumerable.Range(0, Workload.Sites)
        from which in Enumerable.Range(0, Workload.AddressesPerSite)
        select new VipEntry
        {
            Address = new VipAddress(Workload.Address(name, site, which)),
            Service = ServiceName.Parse(Workload.Label(name)),
            Site = Site(site),
            Phase = VipPhase.Serving,
            Owner = NodeName(site, Workload.NodeOf(name, which)),
        };

    private static NodeName NodeName(int site, int node) => Shared.Model.NodeName.Parse($"adc-{site}-{node}");

    private static SiteName Site(int site) => SiteName.Parse($"dc{site}");
}
