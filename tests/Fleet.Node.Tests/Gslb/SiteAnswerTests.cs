using System.Net;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Who is answered with what, over sites.</summary>
public class SiteAnswerTests
{
    private static readonly GslbSpec Many = new(AnswersMax: 64);

    [Fact]
    public void A_hundred_thousand_queries_of_a_thousand_client_networks_get_their_own_site_alone()
    {
        var zone = Zone(SiteFleet.Map(10, 40, SiteFleet.Service("s3")));
        for (var i = 0; i < 100_000; i++)
        {
            var site = 1 + (i % 2);
            var reply = Ask(zone, "s3.fleet.test", Subnet($"10.{site}.{i / 2 % 500 / 2}.{i % 500 % 2 * 128}", 25), (ulong)i);
            reply.Answers.Length.ShouldBe(4);
            reply.Answers.ShouldAllBe(record => IsOf(record, site));
            reply.Edns!.Value.Subnet!.Value.ScopePrefix.ShouldBe((byte)16);
        }
    }

    [Fact]
    public void Without_a_subnet_the_resolver_is_the_client_and_there_is_no_scope()
    {
        var zone = Zone(SiteFleet.Map(2, 2, SiteFleet.Service("s3", Many)));
        var reply = Read(Respond(zone, Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, null)), [10, 2, 7, 7]));
        reply.Answers.ShouldHaveSingleItem().Address!.ToString().ShouldBe("203.0.0.2");
        reply.Edns!.Value.Subnet.ShouldBeNull();
    }

    [Fact]
    public void A_subnet_of_nothing_asks_not_to_look_at_the_client_so_the_resolver_counts()
    {
        var zone = Zone(SiteFleet.Map(2, 2, SiteFleet.Service("s3", Many)));
        var reply = Read(
            Respond(zone, Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, ClientSubnet.Truncate(IPAddress.Any, 0))), [10, 2, 7, 7]));
        reply.Answers.ShouldHaveSingleItem().Address!.ToString().ShouldBe("203.0.0.2");
        reply.Edns!.Value.Subnet!.Value.ScopePrefix.ShouldBe((byte)0);
    }

    [Fact]
    public void A_name_that_is_the_same_for_everybody_has_scope_0()
    {
        var zone = Zone(SiteFleet.Map(2, 2, SiteFleet.Service("s3", Many with { Topology = false })));
        Ask(zone, "s3.fleet.test", Subnet("10.1.0.0", 24)).Edns!.Value.Subnet!.Value.ScopePrefix.ShouldBe((byte)0);
        Ask(zone, "absent.fleet.test", Subnet("10.1.0.0", 24)).Edns!.Value.Subnet!.Value.ScopePrefix.ShouldBe((byte)0);
    }

    [Fact]
    public void Clients_over_ipv6_have_a_site_too()
    {
        var zone = Zone(SiteFleet.Map(2, 2, SiteFleet.Service("s3", Many)));
        var reply = Ask(zone, "s3.fleet.test", Subnet("2001:db8:2:7::", 56));
        reply.Answers.ShouldHaveSingleItem().Address!.ToString().ShouldBe("203.0.0.2");
        reply.Edns!.Value.Subnet!.Value.ScopePrefix.ShouldBe((byte)48);
    }

    [Fact]
    public void When_a_site_is_held_its_clients_are_answered_from_the_other()
    {
        var map = SiteFleet.Map(2, 2, SiteFleet.Service("s3", Many));
        var zone = Zone(map with { Sites = map.Sites.Add(new("dc1"), new SiteEntry(new("dc1"), HeldDown: true)) });
        Ask(zone, "s3.fleet.test", Subnet("10.1.0.0", 24)).Answers.ShouldHaveSingleItem().Address!.ToString().ShouldBe("203.0.0.2");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    [InlineData(50_000)]
    public void Exactly_the_share_that_does_not_fit_goes_elsewhere(int kept)
    {
        const int Queries = 100_000;
        var map = SiteFleet.Map(2, 2, SiteFleet.Service("s3", Many with { Overflow = true }));
        var zone = Zone(map with { Sites = map.Sites.Add(new("dc1"), new SiteEntry(new("dc1"), Kept: kept)) });
        var stayed = Enumerable.Range(0, Queries).Count(i => IsOf(Ask(zone, "s3.fleet.test", Subnet("10.1.0.0", 24), (ulong)i).Answers.Single(), 1));
        var share = kept / (double)SiteEntry.KeptAll;
        var deviation = Math.Sqrt(Queries * share * (1 - share));
        ((double)stayed).ShouldBe(Queries * share, 0.5 + (4 * deviation));
        Enumerable.Range(0, 100).ShouldAllBe(i => IsOf(Ask(zone, "s3.fleet.test", Subnet("10.2.0.0", 24), (ulong)i).Answers.Single(), 2));
    }

    [Fact]
    public void Sticky_clients_draw_the_same_always_and_only_those_who_lost_theirs_draw_anew()
    {
        var map = SiteFleet.Map(10, 40, SiteFleet.Service("s3", new GslbSpec(AnswersMax: 1) { Sticky = true, Topology = false }));
        var before = Zone(map);
        var after = Zone(map.WithVip("203.0.0.7", vip => vip with { Phase = VipPhase.Unplaced, Owner = null }));
        var moved = 0;
        var drawn = new Dictionary<string, int>();
        for (var i = 0; i < 2000; i++)
        {
            var client = Subnet($"10.{i >> 8}.{i & 0xFF}.0", 24);
            var mine = Address(Ask(before, "s3.fleet.test", client, (ulong)i));
            Address(Ask(before, "s3.fleet.test", client, (ulong)i + 99)).ShouldBe(mine);
            Ask(before, "s3.fleet.test", client).Edns!.Value.Subnet!.Value.ScopePrefix.ShouldBe((byte)24);
            drawn[mine] = drawn.GetValueOrDefault(mine) + 1;
            var then = Address(Ask(after, "s3.fleet.test", client));
            if (then != mine)
                moved++;
            (then == mine).ShouldBe(mine != "203.0.0.7");
        }

        moved.ShouldBe(drawn["203.0.0.7"]);
        drawn.Count.ShouldBe(40);
        drawn.Values.ShouldAllBe(count => count > 20 && count < 90); // 50 each, by the law of large numbers
    }

    [Fact]
    public void Sticky_networks_are_spread_by_weight()
    {
        var map = SiteFleet.Map(2, 2, SiteFleet.Service("s3", new GslbSpec(AnswersMax: 1) { Sticky = true, Topology = false }))
            .WithNode("adc-1", node => node with { Weight = 60 }).WithNode("adc-2", node => node with { Weight = 20 });
        var zone = Zone(map);
        var first = Enumerable
            .Range(0, 10_000)
            .Count(i => Address(Ask(zone, "s3.fleet.test", Subnet($"10.{i >> 8}.{i & 0xFF}.0", 24))) == "203.0.0.1");
        first.ShouldBeInRange(7300, 7700);
    }

    [Fact]
    public void Direct_to_node_answers_the_backends_of_the_clients_site()
    {
        var map = SiteFleet.Map(2, 2, SiteFleet.Service("s3", Many with { Answer = AnswerKind.Backends }));
        var zone = Zone(map);
        Address(Ask(zone, "s3.fleet.test", Subnet("10.2.0.0", 24))).ShouldBe("10.9.0.2");
        Ask(zone, "s3.fleet.test", Subnet("10.3.0.0", 24)).Answers.Length.ShouldBe(2);
    }

    private static ZoneSnapshot Zone(FleetMap map) => ZoneSnapshot.From(map, Born);

    private static Edns Subnet(string address, int bits) => new(1232, 0, 0, false, ClientSubnet.Truncate(IPAddress.Parse(address), bits));

    private static DnsReply Ask(ZoneSnapshot zone, string name, Edns edns, ulong seed = 1) => Zones.Ask(zone, name, DnsType.A, edns, seed: seed);

    /// <summary>Odd VIPs lie in dc1.</summary>
    private static bool IsOf(DnsRecord record, int site) => record.Data[3] % 2 == site % 2;

    private static string Address(DnsReply reply) => reply.Answers.ShouldHaveSingleItem().Address!.ToString();
}
