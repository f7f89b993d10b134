using System.Text.Json;
using Fleet.Demo.Processes;
using Fleet.Node.Tests.Vips.Networks;
using Fleet.Testing.Contracts;

namespace Fleet.EndToEnd.Tests.Networks;

/// <summary>What an agent and <c>pbm</c> say of the host that they are started on.</summary>
[NeedsNetwork]
[Trait(Beside.Trait, Beside.Others)]
public sealed class HostTests
{
    /// <summary>Nothing is started, and nothing is left for the next try.</summary>
    [ContractFact]
    public async Task Agent_that_its_host_cannot_have_says_all_of_it_at_once_and_ends_with_2()
    {
        await using var fleet = new InterfaceFleet();
        await fleet.WriteConfigAsync("haproxy");
        var agent = fleet.StartNode("adc-1", "linux.interface=eth9", "haproxy.program=\"/nowhere/haproxy\"");
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await agent.WaitAsync(late.Token);
        agent.ExitCode.ShouldBe(2, fleet.Log("adc-1"));
        var lines = fleet.Log("adc-1").Trim().Split('\n');
        lines.Length.ShouldBe(2, fleet.Log("adc-1"));
        lines.ShouldContain(line => line.StartsWith("--set:1: fleet.node.linux.interface: there is no interface eth9; to mend it: use one of"));
        lines.ShouldContain(line => line.StartsWith("--set:1: fleet.node.haproxy.program: /nowhere/haproxy cannot be started here; "));
        fleet.Network("adc-1").Run("nft", "", "list", "tables").ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Doctor_looks_at_the_host_where_it_is_run()
    {
        await using var fleet = new InterfaceFleet();
        await fleet.WriteConfigAsync("relay");
        var (code, said) = await fleet.RunAsync("adc-1", Programs.Pbm, "node", "doctor", "--config", fleet.Config, "--json");
        code.ShouldBe(0, said);
        using var report = JsonDocument.Parse(said);
        var health = report.RootElement.GetProperty("findings").EnumerateArray()
            .ToDictionary(f => f.GetProperty("matter").GetString()!, f => f.GetProperty("health").GetString()!);
        foreach (var matter in new[] { "kernel", "rights", "nft", "interface", "arp_ignore", "arp_announce" })
            health.ShouldContainKeyAndValue(matter, "ok");
        string[] wrong = ["node", "doctor", "--config", fleet.Config, "--set", "fleet.node.linux.interface=eth9"];
        (code, said) = await fleet.RunAsync("adc-1", Programs.Pbm, wrong);
        code.ShouldBe(1, said);
        said.ShouldContain("there is no interface eth9");
    }
}
