using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Core;

public sealed class ProberChoiceTests
{
    private static readonly ServiceName Everywhere = new("everywhere");
    private static readonly ServiceName NorthOnly = new("north-only");

    [Fact]
    public void Backend_is_probed_by_three_live_nodes_of_every_site()
    {
        var map = Map(north: 10, south: 2);
        foreach (var backend in Backends(map, Everywhere))
        {
            var probers = ProberChoice.Choose(map, backend);
            probers.Count(node => map.Nodes[node].Facts.Site.Value == "north").ShouldBe(3);
            probers.Count(node => map.Nodes[node].Facts.Site.Value == "south").ShouldBe(2);
            probers.ShouldBe(probers.Order());
        }
    }

    [Fact]
    public void Service_of_one_site_is_probed_from_there_only()
    {
        var map = Map(north: 4, south: 4);
        Backends(map, NorthOnly)
            .SelectMany(backend => ProberChoice.Choose(map, backend))
            .ShouldAllBe(node => map.Nodes[node].Facts.Site.Value == "north");
    }

    [Fact]
    public void Service_whose_vips_are_all_bound_to_sites_is_probed_from_these_only()
    {
        var map = Map(north: 4, south: 4);
        var south = ImmutableSortedDictionary<SiteName, ImmutableArray<VipAddress>>.Empty.Add(new SiteName("south"), [Build.Vip(1)]);
        var bound = map.Services[Everywhere] with { Vips = [Build.Vip(1)], SiteVips = south };
        Sites(bound).ShouldBe(["south"]);
        Sites(bound with { Vips = Build.Vips(2) }).ShouldBe(["north", "south"], "its second VIP may lie anywhere");

        IEnumerable<string> Sites(Service service)
        {
            var next = map with { Services = map.Services.SetItem(Everywhere, service) };
            return Backends(next, Everywhere)
                .SelectMany(backend => ProberChoice.Choose(next, backend))
                .Select(node => next.Nodes[node].Facts.Site.Value)
                .Distinct()
                .Order();
        }
    }

    [Fact]
    public void Nodes_agree_with_the_map_on_what_each_probes()
    {
        var map = Map(north: 9, south: 5);
        map = Down(map, "north-3", "south-1");
        foreach (var node in map.Nodes.Keys)
        {
            var expected = Backends(map, Everywhere)
                .Concat(Backends(map, NorthOnly))
                .Where(backend => ProberChoice.Choose(map, backend).Contains(node));
            ProberChoice.Choose(map, node).Order().ShouldBe(expected.Order());
        }
    }

    [Fact]
    public void Node_that_goes_down_changes_only_what_it_probed()
    {
        var map = Map(north: 10, south: 3);
        var gone = new NodeName("north-4");
        var after = Down(map, gone.Value);
        foreach (var backend in Backends(map, Everywhere))
        {
            var before = ProberChoice.Choose(map, backend);
            var now = ProberChoice.Choose(after, backend);
            now.ShouldNotContain(gone);
            before.Except(now).ShouldBe(before.Contains(gone) ? [gone] : []);
            now.Length.ShouldBe(before.Length);
        }
    }

    [Fact]
    public void However_many_backends_and_nodes_there_are_each_is_probed_by_three_of_a_site()
    {
        var map = Map(north: 60, south: 40, backends: 1000);
        var all = map.Nodes.Values.SelectMany(
            node => ProberChoice.Choose(map, node.Name).Where(key => key.Service == Everywhere).Select(key => (key, node.Facts.Site)));
        var probers = all.CountBy(pair => pair).Select(pair => pair.Value).ToArray();
        probers.Length.ShouldBe(2000);
        probers.ShouldAllBe(count => count == ProberChoice.PerSite);
    }

    [Fact]
    public void Probing_is_spread_evenly()
    {
        var map = Map(north: 10, south: 0, backends: 1000);
        var shares = map.Nodes.Keys.Select(node => ProberChoice.Choose(map, node).Count(key => key.Service == Everywhere)).ToArray();
        shares.Sum().ShouldBe(3000);
        shares.ShouldAllBe(share => share > 240 && share < 360);
    }

    /// <summary>Two releases in one fleet must agree: these values may never change.</summary>
    [Fact]
    public void Hash_is_the_same_forever()
    {
        StableHash.Compute("").ShouldBe(0xf52a15e9a9b5e89bUL);
        StableHash.Compute("adc-1").ShouldBe(0x33018db9c2476539UL);
        StableHash.Compute(1, 2).ShouldBe(0xf2826f98653e9e57UL);
    }

    [Fact]
    public void Nobody_probes_what_is_not_in_the_map_and_strangers_probe_nothing()
    {
        var map = Map(north: 3, south: 0);
        ProberChoice.Choose(map, new BackendKey(new ServiceName("no"), "such")).ShouldBeEmpty();
        ProberChoice.Choose(map, new NodeName("stranger")).ShouldBeEmpty();
        ProberChoice.Choose(Down(map, "north-0"), new NodeName("north-0")).ShouldBeEmpty();
    }

    private static IEnumerable<BackendKey> Backends(FleetMap map, ServiceName service) =>
        map.Services[service].Pool.Backends.Select(backend => new BackendKey(service, backend.Name));

    private static FleetMap Map(int north, int south, int backends = 60)
    {
        var nodes = Enumerable
            .Range(0, north)
            .Select(i => Node($"north-{i}", "north"))
            .Concat(Enumerable.Range(0, south).Select(i => Node($"south-{i}", "south")));
        return FleetMap.Empty with
        {
            Nodes = nodes.ToImmutableSortedDictionary(node => node.Name, node => node),
            Services = new[] { Service(Everywhere, null, backends), Service(NorthOnly, new SiteName("north"), backends) }
                .ToImmutableSortedDictionary(service => service.Name, service => service),
        };
    }

    private static FleetMap Down(FleetMap map, params string[] names) => map with
    {
        Nodes = map.Nodes.SetItems(
            names.Select(name => KeyValuePair.Create(new NodeName(name), map.Nodes[new NodeName(name)] with { Presence = NodePresence.Down }))),
    };

    private static NodeEntry Node(string name, string site)
    {
        var nowhere = new IPEndPoint(IPAddress.Loopback, 1);
        return new NodeEntry
        {
            Facts = new NodeFacts(new NodeName(name), new SiteName(site), new DomainName("rack"), 1, nowhere, nowhere, nowhere),
            Intent = NodeIntent.Active,
            Presence = NodePresence.Up,
        };
    }

    private static Service Service(ServiceName name, SiteName? site, int backends) => new()
    {
        Name = name,
        Listeners = [],
        Site = site,
        Pool = new Pool(
            [.. Enumerable.Range(0, backends).Select(i => new Backend($"b{i}", new IPEndPoint(IPAddress.Loopback, 1000 + i)))],
            CheckSpec.Default,
            BalancePolicy.RoundRobin,
            AllDown.FailClosed,
            ProxyProtocol: false),
    };
}
