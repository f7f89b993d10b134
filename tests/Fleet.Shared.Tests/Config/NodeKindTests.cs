using Fleet.Shared.Config;
using Fleet.Shared.Tests.Hocon;

namespace Fleet.Shared.Tests.Config;

/// <summary>What carries a node's traffic and what holds its VIPs, and which of both go together.</summary>
public sealed class NodeKindTests
{
    [Fact]
    public void Node_is_a_relay_that_needs_nothing_of_its_host_unless_it_is_told_otherwise()
    {
        var node = Load("").Value!.Node;
        (node.DataPlane, node.Vips).ShouldBe((DataPlaneKind.Relay, VipsKind.Relay));
    }

    [Theory]
    [InlineData("relay", DataPlaneKind.Relay)]
    [InlineData("haproxy", DataPlaneKind.Haproxy)]
    public void Vips_of_an_interface_go_with_each_data_plane(string word, DataPlaneKind kind)
    {
        var node = Load($$"""
            fleet.node {
              data-plane = {{word}}
              vips = linux
              linux { interface = eth0, table = "vips-of-a" }
              haproxy.program = "/opt/haproxy/sbin/haproxy"
            }
            """).Value!.Node;
        (node.DataPlane, node.Vips).ShouldBe((kind, VipsKind.Linux));
        (node.Linux.Interface, node.Linux.Table, node.Linux.AnswerMax).ShouldBe(("eth0", "vips-of-a", TimeSpan.FromMilliseconds(10)));
        node.Haproxy.Program.ShouldBe("/opt/haproxy/sbin/haproxy");
    }

    /// <summary>What the host lacks is said later than what the file lacks, in the same way.</summary>
    [Fact]
    public void Where_a_setting_stands_that_asks_something_of_the_host_is_known_afterwards()
    {
        var origins = Load("fleet.node {\n  vips = linux\n  linux {\n    interface = eth0\n  }\n}").Value!.Node.Origins;
        $"{origins["vips"]} {origins["linux.interface"]}".ShouldBe("fleet.conf:2 fleet.conf:4");
    }

    [Theory]
    [InlineData("vips = linux", "fleet.conf:1: fleet.node.vips: found linux, without linux.interface")]
    [InlineData("data-plane = haproxy", "fleet.node.vips: found relay, allowed: linux, since the relay holds VIPs for data-plane = relay alone")]
    [InlineData("vips = keepalived", "fleet.conf:1: fleet.node.vips: found \"keepalived\", allowed: relay or linux")]
    [InlineData("data-plane = nginx", "fleet.conf:1: fleet.node.data-plane: found \"nginx\", allowed: relay or haproxy")]
    [InlineData("linux.interface = \"eth0; flush\"", "fleet.conf:1: fleet.node.linux.interface: found \"eth0; flush\"")]
    [InlineData("linux.interface = \"an-interface-with-a-long-name\"", "fleet.node.linux.interface: found ")]
    [InlineData("linux.table = \"a b\"", "fleet.conf:1: fleet.node.linux.table: found \"a b\"")]
    [InlineData("linux.answer-max = 1h", "fleet.conf:1: fleet.node.linux.answer-max: found \"1h\"")]
    [InlineData("linux.nic = eth0", "fleet.node.linux.nic: found an unknown key")]
    [InlineData("haproxy.program = \" \"", "fleet.conf:1: fleet.node.haproxy.program: found \" \"")]
    public void Mistakes_are_located(string line, string message) =>
        Load($"fleet.node {{ {line} }}").Errors.Select(error => $"{error}").ShouldHaveSingleItem().ShouldContain(message);

    private static ConfigResult<FleetConfig> Load(string text) =>
        FleetConfig.Load("fleet.conf", new SourcesInMemory(("fleet.conf", text)), SourcesInMemory.NoEnvironment);
}
