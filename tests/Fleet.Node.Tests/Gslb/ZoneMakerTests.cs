using System.Net;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>A snapshot made from the one before says the same as one made from nothing.</summary>
public class ZoneMakerTests
{
    private static readonly string[] Names =
    [
        .. Enumerable.Range(0, 6).Select(i => $"s{i}.fleet.test"),
        .. Enumerable.Range(1, 6).Select(i => $"adc-{i}.fleet.test"),
        "fleet.test",
        "other.example",
        "plain.fleet.test",
        "map.fleet.test", "absent.fleet.test", "web.other.example",
    ];

    [Fact]
    public void After_any_changes_the_answers_are_those_of_a_snapshot_made_from_nothing()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var map = Start();
            var maker = new ZoneMaker();
            maker.Make(map, null, Born);
            for (var step = 0; step < 12; step++)
            {
                var next = map.Next(before => Enumerable.Range(0, random.Next(1, 4)).Aggregate(before, (changed, _) => Change(changed, random)));
                var made = maker.Make(next, MapDelta.Between(map, next), Born);
                ShouldAnswerAlike(made, ZoneSnapshot.From(next, Born), $"seed {seed}, step {step}");
                map = next;
            }
        }
    }

    [Fact]
    public void A_change_that_is_not_of_the_map_before_makes_all_anew()
    {
        var map = Start();
        var maker = new ZoneMaker();
        maker.Make(map, null, Born);
        var second = map.Next(m => m.WithVip("203.0.0.1", vip => vip with { Owner = new NodeName("adc-2") }));
        var third = second.Next(m => m.WithVip("203.0.0.2", vip => vip with { Phase = VipPhase.Draining }));
        ShouldAnswerAlike(maker.Make(third, MapDelta.Between(second, third), Born), ZoneSnapshot.From(third, Born), "skipped");
    }

    [Fact]
    public void Names_that_no_change_bears_upon_are_not_encoded_again()
    {
        var map = Start();
        var maker = new ZoneMaker();
        var before = maker.Make(map, null, Born).Find(Name("s1.fleet.test").Wire);
        var next = map.Next(m => m.WithVip("203.0.0.1", vip => vip with { Phase = VipPhase.Draining }));
        var made = maker.Make(next, MapDelta.Between(map, next), Born);
        made.Find(Name("s1.fleet.test").Wire).ShouldBeSameAs(before);
        made.Version.ShouldBe(next.Version);
    }

    private static FleetMap Start()
    {
        var map = SiteFleet.Map(
            6,
            8,
            [
                .. Enumerable
                    .Range(0, 6)
                    .Select(i =>
                        SiteFleet.Service(
                            $"s{i}",
                            new GslbSpec
                            {
                                Overflow = i % 2 == 0,
                                Answer = i == 5 ? AnswerKind.Backends : AnswerKind.Vips,
                                Fallback = "sorry.example.net",
                            })),
            ]);
        return map
            with
        {
            Policy = map.Policy
                    with
            {
                Zone = map.Policy.Zone
                            with
                { Zones = ["other.example"], Records = ["plain 1m A 192.0.2.9", "adc-3 1m TXT x", "s2 1m TXT y"] },
            },
        };
    }

    private static FleetMap Change(FleetMap map, Random random)
    {
        var vip = $"203.0.{random.Next(6)}.{random.Next(1, 9)}";
        var node = $"adc-{random.Next(1, 7)}";
        var site = new SiteName($"dc{random.Next(1, 3)}");
        var has = map.Vips.ContainsKey(VipAddress.Parse(vip));
        return random.Next(12) switch
        {
            0 or 1 when has => map.WithVip(vip, entry => entry with { Owner = new NodeName(node), Phase = VipPhase.Arriving }),
            2 or 3 when has => map.WithVip(vip, entry => entry with { Phase = (VipPhase)random.Next(5) }),
            4 when has => map.WithVip(vip, entry => entry with { Owner = null, Phase = VipPhase.Unplaced }),
            5 => map.WithNode(node, entry => entry with { Presence = (NodePresence)random.Next(2) }),
            6 => map.WithNode(node, entry => entry with { Suspected = !entry.Suspected }),
            7 => map.WithNode(node, entry => entry with { Weight = random.Next(1, 256) }),
            8 => map with { Sites = map.Sites.SetItem(site, new SiteEntry(site, random.Next(3) == 0, random.Next(65_537))) },
            9 => map with { Verdicts = map.Verdicts.SetItem(new(new($"s{random.Next(6)}"), $"b{random.Next(1, 3)}"), (Verdict)random.Next(3)) },
            10 => map with { Feedback = map.Feedback.SetItem(new(new("s5"), $"b{random.Next(1, 3)}"), random.Next(101)) },
            11 when random.Next(4) == 0 => Reshape(map, random),
            _ => map,
        };
    }

    /// <summary>What changes the set of names.</summary>
    private static FleetMap Reshape(FleetMap map, Random random)
    {
        var name = new ServiceName("s4");
        if (random.Next(2) == 0)
            return map
                with
            {
                Services = map.Services.TryGetValue(name, out _) ? map.Services.Remove(name) : map.Services.Add(name, SiteFleet.Service("s4")),
            };
        var zone = map.Policy.Zone;
        return map with { Policy = map.Policy with { Zone = zone with { Zones = zone.Zones.IsEmpty ? ["other.example"] : [] } } };
    }

    private static void ShouldAnswerAlike(ZoneSnapshot made, ZoneSnapshot anew, string when)
    {
        foreach (var name in Names)
        {
            foreach (var type in new[] { DnsType.A, DnsType.Aaaa, DnsType.Ns, DnsType.Soa, DnsType.Txt })
            {
                foreach (var client in new[] { "10.1.0.0", "10.2.0.0", "10.3.0.0" })
                {
                    var query = Query(name, type, new Edns(1232, 0, 0, false, ClientSubnet.Truncate(IPAddress.Parse(client), 24)));
                    Convert
                        .ToHexString(Respond(made, query))
                        .ShouldBe(Convert.ToHexString(Respond(anew, query)), $"{when}: {name} {type} for {client}");
                }
            }
        }
    }
}
