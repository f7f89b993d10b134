using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using static Fleet.Node.Tests.Gslb.Zones;

namespace Fleet.Node.Tests.Gslb;

/// <summary>A zone that would send clients to a VIP that nobody may be serving is never published.</summary>
public sealed class AnswerInvariantTests
{
    private static readonly FleetMap Map = Build.Map(Build.Nodes(3), [Build.Serving(1, "adc-1"), Build.Serving(2, "adc-2")]);
    private static readonly DnsName Web = Name("web.fleet.internal");

    [Fact]
    public void Zone_that_answers_a_vip_of_a_lost_owner_is_refused() =>
        Should.Throw<InvariantBrokenException>(() => Check(Lost, ZoneSnapshot.From(Map, Born))).Message.ShouldContain("10.0.0.1");

    [Fact]
    public void Zone_that_answers_a_vip_that_nobody_owns_is_refused() =>
        Should.Throw<InvariantBrokenException>(
            () => Check(Map with { Vips = Map.Vips.SetItem(Build.Vip(2), Build.Unplaced(2)) }, ZoneSnapshot.From(Map, Born)));

    [Fact]
    public void Zone_made_from_the_map_itself_answers_neither()
    {
        Check(Map, ZoneSnapshot.From(Map, Born));
        Check(Lost, ZoneSnapshot.From(Lost, Born));
        var maker = new ZoneMaker();
        maker.Make(Map, null, Born);
        maker.Make(Lost, MapDelta.Between(Map, Lost), Born).Version.ShouldBe(Lost.Version);
    }

    [Fact]
    public void Maker_looks_at_what_it_made_when_a_node_is_lost()
    {
        var maker = new ZoneMaker();
        maker.Make(Map, null, Born);
        // A change that leaves out what the loss does to the VIP's service.
        var torn = MapDelta.Between(Map, Lost) with { Nodes = [Build.Node("adc-3", presence: NodePresence.Down)] };
        Should.Throw<InvariantBrokenException>(() => maker.Make(Lost, torn, Born));
    }

    private static FleetMap Lost => Map with
    {
        Version = new MapVersion(1, 2),
        Parent = Map.Version,
        Nodes = Map.Nodes.SetItem(new NodeName("adc-1"), Build.Node("adc-1", presence: NodePresence.Down)),
    };

    private static void Check(FleetMap map, ZoneSnapshot zone) => AnswerInvariant.Check(map, zone, _ => Web);
}
