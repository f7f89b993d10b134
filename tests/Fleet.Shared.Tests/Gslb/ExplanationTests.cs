using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using static Fleet.Shared.Tests.Gslb.Fleets;

namespace Fleet.Shared.Tests.Gslb;

/// <summary>Why a client is answered as it is, in words.</summary>
public class ExplanationTests
{
    private static readonly ClientSubnet Client = ClientSubnet.Truncate(IPAddress.Parse("10.1.2.0"), 24);

    [Fact]
    public void Every_step_from_the_name_to_the_drawing()
    {
        var map = WithTopology(MapOf(
            Service(new GslbSpec { Overflow = true, Sites = [B] }),
            "a1 serving 10.1.0.1",
            "a2 serving 10.1.0.2",
            "a2 draining 10.1.0.3",
            "- unplaced 10.1.0.4",
            "b1 serving 10.2.0.1"))
            .WithSite(new SiteEntry(A, Kept: 49_152));
        Explanation.Explain(map, map.Services.Values.Single(), DnsType.A, Client).ShouldBe(
        [
            "s3.fleet.test is service s3: its VIPs are answered, own site first, by headroom, what does not fit goes elsewhere; at most 4 at a "
            + "time, TTL 0 s.",
            "Client 10.1.2.0/24 is of site a; so is all of /16 around it (scope).",
            "No site: 1 out.",
            "a: 2 serving, 1 draining; full: 75.0 % of its own clients' queries fit.",
            "b: 1 serving.",
            "Order of sites: a, then b, then all others together.",
            "75.0 % of the time drawn from 10.1.0.1 (a1, 50.0 %), 10.1.0.2 (a2, 50.0 %).",
            "25.0 % of the time drawn from 10.2.0.1 (b1, 100.0 %).",
        ]);
    }

    [Fact]
    public void A_client_of_no_site_and_a_site_that_is_held()
    {
        var map = MapOf(
            Service(new GslbSpec { Sticky = true, Weights = AnswerWeights.Even, Fallback = "sorry.example.net" }),
            "a1 serving 10.1.0.1",
            "b1 serving 10.2.0.1").WithSite(new SiteEntry(A, HeldDown: true));
        Explanation.Explain(map, map.Services.Values.Single(), DnsType.A, Client).ShouldBe(
        [
            "s3.fleet.test is service s3: its VIPs are answered, own site first, all alike, the same for a network always; at most 4 at a time, TTL "
            + "0 s.",
            "Client 10.1.2.0/24 is of no site: no prefix of fleet.gslb.topology holds it (scope /0).",
            "a: 1 serving; held: it was out, and is answered only if nothing else can be.",
            "b: 1 serving.",
            "Order of sites: all together.",
            "Drawn from 10.2.0.1 (b1, 100.0 %).",
        ]);
        Explanation.Explain(map, map.Services.Values.Single(), DnsType.Aaaa, null)[^1]
            .ShouldBe("Nothing can be answered; if that is so of both A and AAAA, CNAME sorry.example.net is.");
    }

    private static FleetMap WithTopology(FleetMap map) => map with
    {
        Policy = map.Policy with
        {
            Zone = map.Policy.Zone with
            {
                Topology = ImmutableSortedDictionary<SiteName, ImmutableArray<Prefix>>.Empty
                    .Add(A, [Parse("10.1.0.0/16")])
                    .Add(B, [Parse("10.0.0.0/16")]),
            },
        },
    };

    private static Prefix Parse(string text) => Prefix.TryParse(text, out var prefix) ? prefix : throw new FormatException(text);
}
