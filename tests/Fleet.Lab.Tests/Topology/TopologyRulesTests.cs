using Fleet.Lab.Topology;

namespace Fleet.Lab.Tests.Topology;

public sealed class TopologyRulesTests
{
    private static LabTopology Good => Examples.Find(Examples.OneSite, "lab")!;

    public static TheoryData<string> ExampleNames => [.. Examples.Names];

    [Theory]
    [MemberData(nameof(ExampleNames))]
    public void Examples_can_be_built(string example) => TopologyRules.Problems(Examples.Find(example, "lab")!).ShouldBeEmpty();

    [Fact]
    public void What_is_no_example_is_none() => Examples.Find("nowhere", "lab").ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("Lab")]
    [InlineData("my-lab")]
    [InlineData("9lab")]
    [InlineData("elevenchars")]
    [InlineData("lab\n")]
    public void Name_of_a_lab_that_would_not_end_at_the_hyphen_is_refused(string name) =>
        TopologyRules.Problems(Good with { Name = name }).ShouldContain(problem => problem.StartsWith($"lab name '{name}'"));

    [Theory]
    [InlineData("fourteen-chars", "13 characters at most")]
    [InlineData("Adc", "a lower-case letter")]
    [InlineData("eth0", "it means something else")]
    [InlineData("router", "it means something else")]
    [InlineData("all", "it means something else")]
    [InlineData("dc1", "more than one site or host has it")]
    [InlineData("adc-1", "more than one site or host has it")]
    public void Name_of_a_host_that_cannot_be_is_refused(string name, string why) =>
        Problem(Good with { Hosts = Good.Hosts.Add(new LabHost(name, HostKind.Client, "dc1")) }).ShouldContain(why);

    [Fact]
    public void Host_of_a_site_that_is_not_there_is_refused() =>
        Problem(Good with { Hosts = [new LabHost("adc-1", HostKind.Node, "dc9")] }).ShouldBe("adc-1: there is no site 'dc9'; there are dc1");

    [Fact]
    public void Coordinator_in_a_site_is_refused() =>
        Problem(Good with { Hosts = [new LabHost("c", HostKind.Coordinator, "dc1")] }).ShouldStartWith("c: a coordinator stands in no site");

    [Fact]
    public void Rack_with_a_switch_in_another_site_is_refused()
    {
        var topology = Examples.Find(Examples.TwoSites, "lab")!;
        topology = topology with
        {
            Sites = [topology.Sites[0] with { RackSwitches = ["r1"] }, topology.Sites[1]],
            Hosts = [new LabHost("adc-1", HostKind.Node, "dc2") { Rack = "r1" }],
        };
        Problem(topology).ShouldBe("adc-1: rack r1 stands in dc1, not in dc2");
    }

    [Theory]
    [InlineData("adc-1", "something else is called so")]
    [InlineData("dc1", "something else is called so")]
    [InlineData("thirteenchars", "12 characters at most")]
    public void Rack_switch_that_cannot_be_called_so_is_refused(string rack, string why) =>
        Problem(Good with { Sites = [new LabSite("dc1") { RackSwitches = [rack] }] }).ShouldContain(why);

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(60_001, 0, 0)]
    [InlineData(double.NaN, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, 1.5)]
    [InlineData(0, 0, double.NaN)]
    public void Shape_that_no_wire_has_is_refused(double delay, double jitter, double loss)
    {
        var shape = new WireShape { DelayMs = delay, JitterMs = jitter, Loss = loss };
        Problem(Good with { Wires = [new LabWire("dc1", Places.All, shape)] }).ShouldStartWith("wire from dc1 to all: a ");
    }

    [Fact]
    public void Wire_to_nowhere_is_refused() =>
        Problem(Good with { Wires = [new LabWire("dc1", "dc9", WireShape.Clear)] }).ShouldContain("there is no 'dc9'");

    [Theory]
    [InlineData(0)]
    [InlineData(100_001)]
    public void Cap_that_no_link_has_is_refused(int cap) =>
        Problem(Good with { Hosts = [new LabHost("adc-1", HostKind.Node, "dc1") { CapMbit = cap }] }).ShouldContain($"a cap of {cap} Mbit/s");

    [Fact]
    public void All_problems_are_said_at_once() =>
        TopologyRules.Problems(Good with { Name = "A", Sites = [], VipsPerSite = 20_000 }).Count.ShouldBeGreaterThan(3);

    [Fact]
    public void More_hosts_than_there_are_addresses_are_refused() =>
        Problem(Examples.Find(Examples.OneSite, "lab", new ExampleSize(Nodes: 251))!).ShouldContain("250 is the most");

    private static string Problem(LabTopology topology) => TopologyRules.Problems(topology)[0];
}
