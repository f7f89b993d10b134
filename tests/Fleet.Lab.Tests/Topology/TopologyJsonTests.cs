using System.Text.Json;
using Fleet.Lab.Topology;

namespace Fleet.Lab.Tests.Topology;

public sealed class TopologyJsonTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var topology = Examples.Find(Examples.Far, "lab")! with { VipsPerSite = 7 };
        var text = TopologyJson.Write(topology);
        TopologyJson.Write(TopologyJson.Read(text)).ShouldBe(text);
    }

    [Fact]
    public void Short_file_means_the_defaults()
    {
        var topology = TopologyJson.Read(
            """
            { "name": "x", "sites": [{ "name": "a" }], "hosts": [{ "name": "adc-1", "kind": "Node", "site": "a", "cap-mbit": 88 }],
              "wires": [{ "from": "a", "to": "all", "shape": { "delay-ms": 5 } }] }
            """);
        TopologyRules.Problems(topology).ShouldBeEmpty();
        topology.Wires.ShouldBe([new LabWire("a", Places.All, new WireShape { DelayMs = 5 }, BothWays: true)]);
        topology.Sites[0].RackSwitches.ShouldBeEmpty();
        topology.VipsPerSite.ShouldBe(20);
        topology.Hosts[0].CapMbit.ShouldBe(88);
    }

    [Fact]
    public void Topology_without_wires_has_none() =>
        TopologyJson.Read("""{ "name": "x", "sites": [{ "name": "a" }], "hosts": [] }""").Wires.ShouldBeEmpty();

    [Theory]
    [InlineData("""{ "name": "x", "sites": [], "hosts": [], "colour": "red" }""")]
    [InlineData("""{ "name": "x", "sites": [] }""")]
    [InlineData("""{ "name": null, "sites": [], "hosts": [] }""")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_no_topology_is_refused(string text) => Should.Throw<JsonException>(() => TopologyJson.Read(text));
}
