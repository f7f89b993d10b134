using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using static Fleet.Shared.Tests.Gslb.Fleets;

namespace Fleet.Shared.Tests.Gslb;

/// <summary>What the names are answered with now, for those who cannot decide query by query.</summary>
public class PresentAnswersTests
{
    [Fact]
    public void All_that_clients_of_no_site_may_be_answered_with()
    {
        var map = MapOf(
            Service(new GslbSpec("objects", 30) { Sites = [B] }),
            "a1 serving 10.1.0.1",
            "b1 serving 10.2.0.1",
            "b1 serving 10.2.0.2",
            "b1 serving 2001:db8::1");
        Lines(map).ShouldBe(
            ["objects.fleet.test 30 IN A 10.2.0.1", "objects.fleet.test 30 IN A 10.2.0.2", "objects.fleet.test 30 IN AAAA 2001:db8::1"]);
    }

    [Fact]
    public void With_nothing_to_answer_the_fallback_stands_in()
    {
        var map = MapOf(Service(new GslbSpec { Fallback = "sorry.example.net" }), "a1 serving 10.1.0.1");
        Lines(map).ShouldBe(["s3.fleet.test 0 IN A 10.1.0.1"]);
        Lines(map.WithNode("a1", node => node with { Presence = NodePresence.Down })).ShouldBe(["s3.fleet.test 0 IN CNAME sorry.example.net"]);
    }

    [Fact]
    public void A_service_may_lie_in_another_zone() =>
        Lines(MapOf(Service(new GslbSpec("@") { Zone = "other.example" }), "a1 serving 10.1.0.1")).ShouldBe(["other.example 0 IN A 10.1.0.1"]);

    private static string[] Lines(FleetMap map) =>
        [.. PresentAnswers.FromMap(map).SelectMany(set => set.Data.Select(data => new DnsRecord(set.Name, set.Type, set.Ttl, data).ToString()))];
}
