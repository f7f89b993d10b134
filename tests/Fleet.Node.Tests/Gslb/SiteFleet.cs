using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Gslb;

/// <summary>A fleet of two sites with some services, as a map, and ways in which such a map changes.</summary>
internal static class SiteFleet
{
    public static readonly ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>> Topology =
        ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>>.Empty
        .Add(new("dc1"), [Prefix("10.1.0.0/16"), Prefix("2001:db8:1::/48")])
        .Add(new("dc2"), [Prefix("10.2.0.0/16"), Prefix("2001:db8:2::/48")]);

    public static Prefix Prefix(string text) => Shared.Model.Prefix.TryParse(text, out var prefix) ? prefix : throw new FormatException(text);

    /// <summary>
    /// Nodes adc-1 to adc-N, the odd ones in dc1, the even ones in dc2; each VIP i of service s is <c>203.0.s.i</c> and lies on node i.
    /// </summary>
    public static FleetMap Map(int nodes, int vips, params Service[] services) => new()
    {
        Version = new MapVersion(1, 1),
        Policy = FleetPolicy.Default with { Zone = GslbZone.Default with { Name = "fleet.test", Topology = Topology } },
        Nodes = Enumerable.Range(1, nodes).Select(Node).ToImmutableSortedDictionary(node => node.Name, node => node),
        Services = services.ToImmutableSortedDictionary(service => service.Name, service => service),
        Vips = services.SelectMany((service, s) => Enumerable.Range(1, vips).Select(i => new VipEntry
        {
            Address = VipAddress.Parse($"203.0.{s}.{i}"),
            Service = service.Name,
            Phase = VipPhase.Serving,
            Owner = new NodeName($"adc-{((i - 1) % nodes) + 1}"),
        })).ToImmutableSortedDictionary(vip => vip.Address, vip => vip),
    };

    public static Service Service(string name, GslbSpec? spec = null) => new()
    {
        Name = new(name),
        Listeners = [new Listener(80, ListenerProtocol.Http)],
        Pool = new Pool(
            [new Backend("b1", IPEndPoint.Parse("10.9.0.1:80"), 100, new("dc1")), new Backend("b2", IPEndPoint.Parse("10.9.0.2:80"), 50, new("dc2"))],
            CheckSpec.Default, BalancePolicy.RoundRobin, AllDown.FailClosed, ProxyProtocol: false),
        Gslb = spec ?? GslbSpec.Default,
    };

    /// <summary>The next map, with one revision more.</summary>
    public static FleetMap Next(this FleetMap map, Func<FleetMap, FleetMap> change) =>
        change(map) with { Version = new MapVersion(1, map.Version.Revision + 1), Parent = map.Version };

    public static FleetMap WithNode(this FleetMap map, string node, Func<NodeEntry, NodeEntry> change) =>
        map with { Nodes = map.Nodes.SetItem(new(node), change(map.Nodes[new(node)])) };

    public static FleetMap WithVip(this FleetMap map, string vip, Func<VipEntry, VipEntry> change) =>
        map with { Vips = map.Vips.SetItem(VipAddress.Parse(vip), change(map.Vips[VipAddress.Parse(vip)])) };

    private static NodeEntry Node(int number)
    {
        var address = new IPEndPoint(IPAddress.Parse($"192.0.2.{number}"), 53);
        return new NodeEntry
        {
            Facts = new NodeFacts(new($"adc-{number}"), new(number % 2 == 1 ? "dc1" : "dc2"), new("rack"), 88_000_000_000, address, address, address),
            Intent = NodeIntent.Active,
            Presence = NodePresence.Up,
        };
    }
}
