using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Several zones, plain records and aliases.</summary>
public class NameTests
{
    private static readonly FleetMap Map = WithZone(
        SiteFleet.Map(
            2,
            2,
            SiteFleet.Service("s3"),
            SiteFleet.Service("web", new GslbSpec("www") { Zone = "other.example" }),
            SiteFleet.Service("idle", new GslbSpec { Fallback = "sorry" })),
        zone => zone with
        {
            Zones = ["other.example", "sub.fleet.test"],
            Records =
            [
                "alias 5m CNAME s3",
                "far 5m CNAME s3.other.example.",
                "out 5m CNAME www.example.net.",
                "broken 5m CNAME absent",
                "loop1 1m CNAME loop2",
                "loop2 1m CNAME loop1",
                "www.other.example. 1m TXT hello",
                "plain 1m A 192.0.2.77",
                "plain 1m A 192.0.2.78",
                "@ 1h CAA 0 issue \"ca.example.net\"",
                "deep.est 1m A 192.0.2.79",
                "to-plain 1m CNAME plain", "s3 1m A 192.0.2.80",
            ],
        });

    private static readonly ZoneSnapshot Zone = ZoneSnapshot.From(Map, Born);

    [Fact]
    public void Every_zone_has_its_apex()
    {
        foreach (var name in new[] { "fleet.test", "other.example", "sub.fleet.test" })
        {
            var soa = Ask(Zone, name, DnsType.Soa);
            (soa.Header.IsAuthoritative, soa.Answers.Single().Soa!.Mailbox.ToString()).ShouldBe((true, $"hostmaster.{name}"));
            Ask(Zone, name, DnsType.Ns).Answers.Select(record => record.Target!.ToString()).ShouldBe(["adc-1.fleet.test", "adc-2.fleet.test"]);
        }

        Ask(Zone, "example.org", DnsType.A).Rcode.ShouldBe(DnsRcode.Refused);
    }

    [Fact]
    public void The_innermost_zone_speaks_of_what_does_not_exist()
    {
        Ask(Zone, "x.sub.fleet.test", DnsType.A).Authority.Single().Name.ToString().ShouldBe("sub.fleet.test");
        Ask(Zone, "x.fleet.test", DnsType.A).Authority.Single().Name.ToString().ShouldBe("fleet.test");
        Ask(Zone, "x.other.example", DnsType.A).Authority.Single().Name.ToString().ShouldBe("other.example");
    }

    [Fact]
    public void A_balanced_name_may_have_plain_records_beside_it_but_no_other_addresses()
    {
        Ask(Zone, "www.other.example", DnsType.A).Answers.Length.ShouldBe(2);
        Lines(Ask(Zone, "www.other.example", DnsType.Txt).Answers).ShouldBe(["www.other.example 60 IN TXT \"hello\""]);
        Ask(Zone, "s3.fleet.test", DnsType.A).Answers.ShouldAllBe(record => record.Data[0] == 203);
    }

    [Fact]
    public void Plain_records_are_answered_whole()
    {
        Ask(Zone, "plain.fleet.test", DnsType.A).Answers.Length.ShouldBe(2);
        Ask(Zone, "plain.fleet.test", DnsType.Aaaa).Authority.Single().Type.ShouldBe(DnsType.Soa);
        Ask(Zone, "fleet.test", DnsType.Caa).Answers.Single().Ttl.ShouldBe(3600u);
        Ask(Zone, "est.fleet.test", DnsType.A).Rcode.ShouldBe(DnsRcode.NoError);
    }

    [Fact]
    public void An_alias_is_followed_as_long_as_it_stays_in_the_zones()
    {
        Lines(Ask(Zone, "alias.fleet.test", DnsType.A).Answers)[..1].ShouldBe(["alias.fleet.test 300 IN CNAME s3.fleet.test"]);
        Ask(Zone, "alias.fleet.test", DnsType.A).Answers
            .Select(record => record.Name.ToString())
            .ShouldBe(["alias.fleet.test", "s3.fleet.test", "s3.fleet.test"]);
        Lines(Ask(Zone, "alias.fleet.test", DnsType.Cname).Answers).ShouldBe(["alias.fleet.test 300 IN CNAME s3.fleet.test"]);
        Lines(Ask(Zone, "to-plain.fleet.test", DnsType.A).Answers).ShouldBe(
            ["to-plain.fleet.test 60 IN CNAME plain.fleet.test", "plain.fleet.test 60 IN A 192.0.2.77", "plain.fleet.test 60 IN A 192.0.2.78"]);
        var outside = Ask(Zone, "out.fleet.test", DnsType.A);
        Lines(outside.Answers).ShouldBe(["out.fleet.test 300 IN CNAME www.example.net"]);
        (outside.Rcode, outside.Authority.Length).ShouldBe((DnsRcode.NoError, 0));
    }

    [Fact]
    public void Existence_is_said_of_the_last_name()
    {
        var broken = Ask(Zone, "broken.fleet.test", DnsType.A);
        (broken.Rcode, broken.Answers.Length, broken.Authority.Single().Name.ToString()).ShouldBe((DnsRcode.NxDomain, 1, "fleet.test"));
        var nothing = Ask(Zone, "alias.fleet.test", DnsType.Aaaa);
        (nothing.Rcode, nothing.Answers.Length, nothing.Authority.Single().Name.ToString()).ShouldBe((DnsRcode.NoError, 1, "fleet.test"));
        Ask(Zone, "far.fleet.test", DnsType.A).Authority.Single().Name.ToString().ShouldBe("other.example");
    }

    [Fact]
    public void Aliases_that_go_round_in_circles_end()
    {
        var loop = Ask(Zone, "loop1.fleet.test", DnsType.A);
        (loop.Rcode, loop.Answers.Length).ShouldBe((DnsRcode.NoError, 8));
    }

    [Fact]
    public void The_fallback_is_an_alias_only_while_there_is_nothing_to_answer()
    {
        Ask(Zone, "idle.fleet.test", DnsType.A).Answers.ShouldAllBe(record => record.Type == DnsType.A);
        Ask(Zone, "idle.fleet.test", DnsType.Aaaa).Answers.ShouldBeEmpty();
        var dark = Map
            with
        { Vips = Map.Vips.RemoveRange(Map.Vips.Values.Where(vip => vip.Service.Value == "idle").Select(vip => vip.Address)) };
        var zone = ZoneSnapshot.From(dark, Born);
        Lines(Ask(zone, "idle.fleet.test", DnsType.A).Answers).ShouldBe(["idle.fleet.test 0 IN CNAME sorry"]);
        Lines(Ask(zone, "idle.fleet.test", DnsType.Aaaa).Answers).ShouldBe(["idle.fleet.test 0 IN CNAME sorry"]);
    }

    [Fact]
    public void A_service_in_a_zone_that_nobody_answers_for_is_left_out()
    {
        var map = SiteFleet.Map(1, 1, SiteFleet.Service("web", new GslbSpec("www") { Zone = "other.example" }));
        Ask(ZoneSnapshot.From(map, Born), "www.other.example", DnsType.A).Rcode.ShouldBe(DnsRcode.Refused);
    }

    private static FleetMap WithZone(FleetMap map, Func<GslbZone, GslbZone> change) =>
        map with { Policy = map.Policy with { Zone = change(map.Policy.Zone) } };
}
