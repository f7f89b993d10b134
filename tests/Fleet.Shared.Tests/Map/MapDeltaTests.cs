using System.Collections.Immutable;
using System.Text;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Shared.Tests.Map;

public sealed class MapDeltaTests
{
    private static readonly SiteName[] Sites = [new("here"), new("there")];

    [Fact]
    public void Delta_between_any_two_maps_applied_to_the_first_gives_the_second()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var chance = new Random(seed);
            var before = Any(chance, 1);
            // Maps are made from each other, or have nothing in common when a leader has just started.
            var to = (chance.Next(2) == 0 ? Altered(chance, before) : Any(chance, 2))
                with
            { Version = new MapVersion(1, 2), Parent = before.Version };
            var sent = Wire.Encode(new LeaderMessage.Change(MapDelta.Between(before, to)));
            Wire.TryDecodeLeaderMessage(sent, out var read).ShouldBeTrue();
            ((LeaderMessage.Change)read).Delta.TryApply(before, out var next).ShouldBeTrue();
            Wire.Encode(next).ShouldBe(Wire.Encode(to), $"seed {seed}");
        }
    }

    [Fact]
    public void Delta_of_another_map_is_refused_and_changes_nothing()
    {
        var before = Any(new Random(1), 1);
        var delta = MapDelta.Between(before, before with { Version = new MapVersion(1, 2) });
        delta.TryApply(before with { Version = new MapVersion(2, 1) }, out var next).ShouldBeFalse();
        next.Version.ShouldBe(new MapVersion(2, 1));
    }

    [Fact]
    public void Delta_carries_only_what_changed()
    {
        var before = Build.Map(Build.Nodes(50), Enumerable.Range(1, 500).Select(i => Build.Serving(i, "adc-1")));
        var to = before with { Version = new MapVersion(1, 2), Vips = before.Vips.SetItem(Build.Vip(7), Build.Serving(7, "adc-2")) };
        var delta = MapDelta.Between(before, to);
        delta.Vips.Single().Address.ShouldBe(Build.Vip(7));
        delta.Nodes.ShouldBeEmpty();
        delta.Services.ShouldBeEmpty();
        delta.Policy.ShouldBeNull();
    }

    [Fact]
    public void Map_survives_its_json()
    {
        var map = Any(new Random(7), 1);
        Wire.TryDecodeMap(Encoding.UTF8.GetBytes(Wire.Encode(map)), out var read).ShouldBeTrue();
        Wire.Encode(read).ShouldBe(Wire.Encode(map));
    }

    private static FleetMap Any(Random chance, long revision)
    {
        var nodes = Enumerable
            .Range(1, chance.Next(0, 9))
            .Select(i => Build.Node($"adc-{i}", (NodeIntent)chance.Next(4), (NodePresence)chance.Next(2), null, "adc-7"));
        var vips = Enumerable.Range(1, chance.Next(0, 30)).Select(i => Build.Serving(i, $"adc-{chance.Next(1, 9)}", $"s{chance.Next(4)}", "adc-3"));
        var map = Build.Map(nodes, vips);
        var backends = map.Services.Keys.Select(service => new BackendKey(service, "b1")).ToArray();
        return map with
        {
            Version = new MapVersion(1, revision),
            Verdicts = backends.Where(_ => chance.Next(2) == 0).ToImmutableSortedDictionary(key => key, _ => (Verdict)chance.Next(3)),
            Feedback = backends.Where(_ => chance.Next(2) == 0).ToImmutableSortedDictionary(key => key, _ => chance.Next(101)),
            Sites = Sites
                .Where(_ => chance.Next(2) == 0)
                .ToImmutableSortedDictionary(site => site, site => new SiteEntry(site, HeldDown: true, chance.Next(SiteEntry.KeptAll))),
        };
    }

    private static FleetMap Altered(Random chance, FleetMap map)
    {
        var other = Any(chance, 2);
        foreach (var vip in other.Vips.Values.Where(_ => chance.Next(3) == 0))
            map = map with { Vips = map.Vips.SetItem(vip.Address, vip) };
        foreach (var gone in map.Vips.Keys.Where(_ => chance.Next(5) == 0).ToArray())
            map = map with { Vips = map.Vips.Remove(gone) };
        foreach (var gone in map.Nodes.Keys.Where(_ => chance.Next(5) == 0).ToArray())
            map = map with { Nodes = map.Nodes.Remove(gone) };
        foreach (var service in map.Services.Keys.ToArray())
        {
            map = chance.Next(3) switch
            {
                0 => map with { Services = map.Services.Remove(service) },
                1 => map with { Verdicts = map.Verdicts.SetItem(new BackendKey(service, "b1"), (Verdict)chance.Next(3)) },
                _ => map with { Verdicts = map.Verdicts.Clear() },
            };
        }

        foreach (var gone in map.Sites.Keys.Where(_ => chance.Next(3) == 0).ToArray())
            map = map with { Sites = map.Sites.Remove(gone) };
        foreach (var gone in map.Feedback.Keys.Where(_ => chance.Next(3) == 0).ToArray())
            map = map with { Feedback = map.Feedback.Remove(gone) };
        return chance.Next(4) == 0 ? map with { Policy = BuildPolicy.WithPool("10.0.0.0/24") } : map;
    }
}
