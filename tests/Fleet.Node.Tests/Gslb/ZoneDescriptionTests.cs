using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>From the fleet map to what DNS says.</summary>
public class ZoneDescriptionTests
{
    private static readonly FleetMap Map = MapOf(
        [NodeOf("adc-1", 200), NodeOf("adc-2", 50), NodeOf("adc-3", 128) with { Presence = NodePresence.Down }],
        [ServiceOf("s3")],
        [
            VipOf("203.0.113.1", "s3", VipPhase.Serving, "adc-1"),
            VipOf("203.0.113.2", "s3", VipPhase.Serving, "adc-2"),
            VipOf("203.0.113.3", "s3", VipPhase.Draining, "adc-1"),
            VipOf("203.0.113.4", "s3", VipPhase.Arriving, "adc-1"),
            VipOf("203.0.113.5", "s3", VipPhase.Releasing, "adc-1"),
            VipOf("203.0.113.6", "s3", VipPhase.Unplaced, null),
            VipOf("203.0.113.7", "s3", VipPhase.Serving, "adc-3"),
            VipOf("203.0.113.8", "s3", VipPhase.Serving, "adc-unheard-of"),
        ]);

    [Fact]
    public void Serving_vips_of_nodes_that_are_up_are_answered_with_their_nodes_weight() =>
        Candidates(Map).ShouldBe(["203.0.113.1*200", "203.0.113.2*50"]);

    [Fact]
    public void Without_serving_vips_the_quiet_ones_are_answered_then_the_arriving_ones_and_never_others()
    {
        var quiet = Without(Map, VipPhase.Serving);
        Candidates(quiet).ShouldBe(["203.0.113.3*200"]);
        var arriving = Without(quiet, VipPhase.Draining);
        Candidates(arriving).ShouldBe(["203.0.113.4*200"]);
        Candidates(Without(arriving, VipPhase.Arriving)).ShouldBeEmpty();
    }

    [Fact]
    public void Each_family_falls_back_by_itself()
    {
        var six = VipAddress.Parse("2001:db8::1");
        Candidates(Map with { Vips = Map.Vips.Add(six, VipOf("2001:db8::1", "s3", VipPhase.Arriving, "adc-1")) })
            .ShouldBe(["203.0.113.1*200", "203.0.113.2*50", "2001:db8::1*200"]);
    }

    [Theory]
    [InlineData(Verdict.Up, Verdict.Down, AllDown.FailClosed, true)]
    [InlineData(Verdict.Unknown, Verdict.Down, AllDown.FailClosed, true)]
    [InlineData(Verdict.Down, Verdict.Down, AllDown.FailClosed, false)]
    [InlineData(Verdict.Down, Verdict.Down, AllDown.ServeAll, true)]
    public void A_service_whose_backends_are_all_down_answers_nothing_unless_its_pool_serves_all_then(
        Verdict first, Verdict second, AllDown allDown, bool answers)
    {
        var map = Map with
        {
            Services = Map.Services.SetItem(new("s3"), ServiceOf("s3", allDown)),
            Verdicts = Map.Verdicts.SetItem(new(new("s3"), "b1"), first).SetItem(new(new("s3"), "b2"), second),
        };
        Candidates(map).Length.ShouldBe(answers ? 2 : 0);
        var zone = ZoneSnapshot.From(map, Born);
        Ask(zone, "s3.fleet.test", DnsType.A).Answers.Length.ShouldBe(answers ? 2 : 0);
        Ask(zone, "s3.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.NoError);
    }

    [Fact]
    public void Name_ttl_and_answers_max_come_from_the_service_and_else_from_the_zone()
    {
        var plain = ZoneDescription.Describe(Map).Names.Single();
        (plain.Name.ToString(), plain.TtlSeconds, plain.AnswersMax).ShouldBe(("s3.fleet.test", 0u, 4));
        var service = ServiceOf("s3") with { Gslb = new GslbSpec("objects", 30, 1) };
        var own = ZoneDescription.Describe(Map with { Services = Map.Services.SetItem(new("s3"), service) }).Names.Single();
        (own.Name.ToString(), own.TtlSeconds, own.AnswersMax).ShouldBe(("objects.fleet.test", 30u, 1));
    }

    [Fact]
    public void Two_services_of_one_name_answer_together()
    {
        var map = Map with
        {
            Services = Map.Services.Add(new("t4"), ServiceOf("t4") with { Gslb = new GslbSpec("s3", null, null) }),
            Vips = Map.Vips.Add(VipAddress.Parse("203.0.113.9"), VipOf("203.0.113.9", "t4", VipPhase.Serving, "adc-1")),
        };
        Candidates(map).ShouldBe(["203.0.113.1*200", "203.0.113.2*50", "203.0.113.9*200"]);
    }

    [Fact]
    public void Nodes_that_are_up_are_the_name_servers_with_their_dns_address_as_glue()
    {
        var reply = Ask(ZoneSnapshot.From(Map, Born), "fleet.test", DnsType.Ns);
        Lines(reply.Answers).ShouldBe(["fleet.test 60 IN NS adc-1.fleet.test", "fleet.test 60 IN NS adc-2.fleet.test"]);
        Lines(reply.Additional).ShouldBe(["adc-1.fleet.test 60 IN A 127.0.3.1", "adc-2.fleet.test 60 IN A 127.0.3.1"]);
        var allDown = Map with { Nodes = Map.Nodes.RemoveRange([new("adc-1"), new("adc-2")]) };
        Ask(ZoneSnapshot.From(allDown, Born), "fleet.test", DnsType.Ns).Answers.Single().Target!.ToString().ShouldBe("adc-3.fleet.test");
    }

    [Fact]
    public void An_address_of_any_is_no_glue()
    {
        var node = NodeOf("adc-1", 1);
        var map = MapOf([node with { Facts = node.Facts with { DnsAddress = new IPEndPoint(IPAddress.Any, 53) } }], [], []);
        Ask(ZoneSnapshot.From(map, Born), "fleet.test", DnsType.Ns).Additional.ShouldBeEmpty();
    }

    [Fact]
    public void Names_that_are_no_domain_names_are_left_out()
    {
        var map = MapOf([NodeOf("..", 1), NodeOf("adc-1", 1)], [ServiceOf("bücher"), ServiceOf(new string('x', 64)), ServiceOf("s3")], []);
        var content = ZoneDescription.Describe(map);
        content.Names.Single().Name.ToString().ShouldBe("s3.fleet.test");
        content.NameServers.Single().Name.ToString().ShouldBe("adc-1.fleet.test");
    }

    [Fact]
    public void The_empty_map_is_a_zone_too()
    {
        var reply = Ask(ZoneSnapshot.From(FleetMap.Empty, Born), "s3.fleet.internal", DnsType.A);
        reply.Rcode.ShouldBe(DnsRcode.NxDomain);
        reply.Authority.Single().Soa!.Mailbox.ToString().ShouldBe("hostmaster.fleet.internal");
    }

    private static string[] Candidates(FleetMap map)
    {
        var name = ZoneDescription.Describe(map).Names[0];
        var chosen = new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 }
            .SelectMany(family => SiteOrder.Choose(map.Sites, name.Spec, name.Candidates, family, client: null).First);
        return [.. chosen.Select(i => $"{name.Candidates[i].Address}*{name.Candidates[i].Weight}")];
    }

    private static FleetMap Without(FleetMap map, VipPhase phase) =>
        map with { Vips = map.Vips.RemoveRange(map.Vips.Where(vip => vip.Value.Phase == phase).Select(vip => vip.Key)) };

    private static FleetMap MapOf(NodeEntry[] nodes, Service[] services, VipEntry[] vips) => new()
    {
        Version = new MapVersion(1, 1),
        Policy = FleetPolicy.Default with { Zone = GslbZone.Default with { Name = "fleet.test" } },
        Nodes = nodes.ToImmutableSortedDictionary(node => node.Name, node => node),
        Services = services.ToImmutableSortedDictionary(service => service.Name, service => service),
        Vips = vips.ToImmutableSortedDictionary(vip => vip.Address, vip => vip),
    };

    private static NodeEntry NodeOf(string name, int weight)
    {
        var address = new IPEndPoint(IPAddress.Parse("127.0.3.1"), 53);
        return new NodeEntry
        {
            Facts = new NodeFacts(new(name), new("a"), new("rack-1"), 88_000_000_000, address, address, address),
            Intent = NodeIntent.Active,
            Presence = NodePresence.Up,
            Weight = weight,
        };
    }

    private static Service ServiceOf(string name, AllDown allDown = AllDown.FailClosed) => new()
    {
        Name = new(name),
        Listeners = [new Listener(80, ListenerProtocol.Http)],
        Pool = new Pool(
            [new Backend("b1", new IPEndPoint(IPAddress.Loopback, 1)), new Backend("b2", new IPEndPoint(IPAddress.Loopback, 2))],
            CheckSpec.Default, BalancePolicy.RoundRobin, allDown, false),
    };

    private static VipEntry VipOf(string address, string service, VipPhase phase, string? owner) => new()
    {
        Address = VipAddress.Parse(address),
        Service = new(service),
        Phase = phase,
        Owner = owner is null ? null : new NodeName(owner),
    };
}
