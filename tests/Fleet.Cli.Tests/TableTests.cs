using Fleet.Shared.Api;
using Fleet.Testing;

namespace Fleet.Cli.Tests;

/// <summary>What people see, each table as a golden text.</summary>
public sealed class TableTests
{
    [Theory]
    [InlineData("cluster show", 0)]
    [InlineData("cluster status", 1)]
    [InlineData("node list", 0)]
    [InlineData("node show adc-1", 0)]
    [InlineData("vip list", 0)]
    [InlineData("vip list --node adc-1 --service web", 0)]
    [InlineData("vip show 127.0.10.3", 0)]
    [InlineData("vip explain 127.0.10.3", 0)]
    [InlineData("service list", 0)]
    [InlineData("service show web", 0)]
    [InlineData("map show", 0)]
    [InlineData("gslb records", 0)]
    [InlineData("gslb publishing", 1)]
    public async Task Command_prints_its_table(string command, int code)
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, command.Split(' '));
        run.Error.ShouldBe("");
        run.Code.ShouldBe(code);
        Golden.Match($"{Name(command)}.txt", run.Out);
    }

    [Theory]
    [InlineData("cluster show")]
    [InlineData("vip list --node adc-2")]
    [InlineData("gslb records")]
    public async Task Command_prints_json_for_programs(string command)
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, [.. command.Split(' '), "--json"]);
        run.Code.ShouldBe(0);
        Golden.Match($"{Name(command)}.json", run.Out);
    }

    [Fact]
    public async Task Json_keeps_what_this_pbm_does_not_know()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(
            "GET",
            Routes.Services,
            200,
            """[{"service":{"name":"x","listeners":[],"pool":{"backends":[],"later":1}},"backends":{},"newer":[1.50]}]""");
        var run = await PbmRun.AgainstAsync(api, "service", "list", "--json");
        run.Out.ShouldContain("\"later\": 1");
        run.Out.ShouldContain("1.50");
    }

    [Fact]
    public async Task Map_survives_the_way_to_json_and_back()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "map", "show", "--json");
        var read = System.Text.Json.JsonSerializer.Deserialize(run.Out, ApiJson.Default.FleetMap)!;
        CannedFleet.Json(read).ShouldBe(CannedFleet.Json(CannedFleet.Map));
    }

    [Fact]
    public async Task Healthy_fleet_is_exit_code_0_and_says_so()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET", Routes.Cluster, 200, System.Text.Json.JsonSerializer.Serialize(CannedFleet.Healthy, ApiJson.Default.ClusterView));
        var run = await PbmRun.AgainstAsync(api, "cluster", "status");
        run.Code.ShouldBe(0);
        Golden.Match("cluster-status-healthy.txt", run.Out);
    }

    [Theory]
    [InlineData("--help", "help.txt")]
    [InlineData("cluster --help", "help-cluster.txt")]
    [InlineData("cluster down --help", "help-cluster-down.txt")]
    [InlineData("gslb query --help", "help-gslb-query.txt")]
    [InlineData("plan --help", "help-plan.txt")]
    [InlineData("whatif --help", "help-whatif.txt")]
    public async Task Help_is_golden(string args, string file)
    {
        var run = await PbmRun.RunAsync(args.Split(' '), []);
        run.Code.ShouldBe(0);
        Golden.Match(file, run.Out);
    }

    private static string Name(string command) => command.Replace(" --", "-", StringComparison.Ordinal).Replace(' ', '-');
}
