using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Tests.Gslb;

/// <summary>A fleet of two sites in a few words: a node is <c>a1</c> or <c>b2</c>, in site <c>a</c> or <c>b</c>.</summary>
internal static class Fleets
{
    public static readonly SiteName A = new("a");
    public static readonly SiteName B = new("b");
    public static readonly SiteName C = new("c");

    public static Service Service(GslbSpec spec, params Backend[] backends) => new()
    {
        Name = new("s3"),
        Listeners = [new Listener(80, ListenerProtocol.Http)],
        Pool = new Pool(
            backends.Length > 0 ? [.. backends] : [Backend("b1", 1)],
            CheckSpec.Default,
            BalancePolicy.RoundRobin,
            AllDown.FailClosed,
            ProxyProtocol: false),
        Gslb = spec,
    };

    public static Backend Backend(string name, int number, SiteName? site = null, int weight = 100) =>
        new(name, new IPEndPoint(IPAddress.Parse($"10.9.0.{number}"), 80), weight, site);

    /// <param name="service">The only one.</param>
    /// <param name="vips">Owner, phase and address of each, such as <c>a1 serving 10.1.0.1</c>.</param>
    public static FleetMap MapOf(Service service, params string[] vips)
    {
        VipEntry[] entries = [.. vips.Select(text => Vip(service, text.Split(' ')))];
        var names = entries.Select(vip => vip.Owner).OfType<NodeName>().Distinct();
        return new FleetMap
        {
            Version = new MapVersion(1, 1),
            Policy = FleetPolicy.Default with { Zone = GslbZone.Default with { Name = "fleet.test" } },
            Nodes = names.ToImmutableSortedDictionary(name => name, Node),
            Services = ImmutableSortedDictionary<ServiceName, Service>.Empty.Add(service.Name, service),
            Vips = entries.ToImmutableSortedDictionary(vip => vip.Address, vip => vip),
        };
    }

    public static FleetMap WithNode(this FleetMap map, string node, Func<NodeEntry, NodeEntry> change) =>
        map with { Nodes = map.Nodes.SetItem(new(node), change(map.Nodes[new(node)])) };

    public static FleetMap WithSite(this FleetMap map, SiteEntry site) => map with { Sites = map.Sites.SetItem(site.Name, site) };

    public static FleetMap WithVerdict(this FleetMap map, string backend, Verdict verdict) =>
        map with { Verdicts = map.Verdicts.SetItem(new(new("s3"), backend), verdict) };

    private static NodeEntry Node(NodeName name)
    {
        var address = new IPEndPoint(IPAddress.Loopback, 53);
        return new NodeEntry
        {
            Facts = new NodeFacts(name, new(name.Value[..1]), new("rack"), 88_000_000_000, address, address, address),
            Intent = NodeIntent.Active,
            Presence = NodePresence.Up,
            Weight = 100,
        };
    }

    private static VipEntry Vip(Service service, string[] words) => new()
    {
        Address = VipAddress.Parse(words[2]),
        Service = service.Name,
        Phase = Enum.Parse<VipPhase>(words[1], ignoreCase: true),
        Owner = words[0] == "-" ? null : new NodeName(words[0]),
    };
}
