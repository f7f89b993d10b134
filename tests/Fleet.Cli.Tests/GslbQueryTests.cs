using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Testing;

namespace Fleet.Cli.Tests;

/// <summary>Real DNS queries to servers on loopback; the canned map says that 127.0.10.1 is the one VIP of web that serves.</summary>
public sealed partial class GslbQueryTests
{
    [Fact]
    public async Task Nodes_that_answer_what_the_map_says_agree()
    {
        using var dns = new FakeDns(["127.0.10.1"]);
        await using var api = await ApiAsync(dns);
        var run = await PbmRun.AgainstAsync(api, "gslb", "query", "web", "--count", "2");
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Ok);
        Golden.Match("gslb-query-web.txt", Settled(run.Out, dns));
    }

    [Fact]
    public async Task With_a_client_it_says_step_by_step_why()
    {
        using var dns = new FakeDns(["127.0.10.1"]);
        await using var api = await ApiAsync(dns);
        var run = await PbmRun.AgainstAsync(api, "gslb", "query", "web", "--node", "adc-1", "--client", "10.1.2.0/24");
        run.Error.ShouldBe("");
        Golden.Match("gslb-query-client.txt", Settled(run.Out, dns));
        run = await PbmRun.AgainstAsync(api, "gslb", "query", "web", "--node", "adc-1", "--client", "10.1.2.0/24", "--json");
        JsonNode.Parse(run.Out)!["steps"]!.AsArray().Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Json_tells_the_same()
    {
        using var dns = new FakeDns(["127.0.10.1"]);
        await using var api = await ApiAsync(dns);
        var run = await PbmRun.AgainstAsync(api, "gslb", "query", "web.fleet.test", "--node", "adc-1", "--json");
        var report = JsonNode.Parse(run.Out)!;
        report["agree"]!.GetValue<bool>().ShouldBeTrue();
        report["possible"]!.AsArray().Count.ShouldBe(1);
        report["answers"]![0]!["records"]![0]!.GetValue<string>().ShouldBe("127.0.10.1");
        report["answers"]![0]!["ttl-seconds"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Answer_that_the_map_does_not_allow_is_named()
    {
        using var dns = new FakeDns(["127.0.10.1", "127.0.10.2"]);
        await using var api = await ApiAsync(dns);
        var run = await PbmRun.AgainstAsync(api, "gslb", "query", "web", "--node", "adc-2");
        run.Code.ShouldBe(ExitCode.Refused);
        run.Out.ShouldContain("adc-2 answers 127.0.10.2, which the map does not.");
    }

    [Fact]
    public async Task Answer_without_addresses_is_named()
    {
        using var dns = new FakeDns([]);
        await using var api = await ApiAsync(dns);
        var run = await PbmRun.AgainstAsync(api, "gslb", "query", "web", "--node", "adc-1");
        run.Code.ShouldBe(ExitCode.Refused);
        run.Out.ShouldContain("adc-1 answers nothing, the map 1.");
    }

    [Fact]
    public async Task Servers_with_different_statuses_disagree_and_the_fleet_need_not_answer()
    {
        using var good = new FakeDns(["127.0.10.1"]);
        using var bad = new FakeDns([], rcode: 3);
        var run = await PbmRun.RunAsync(
            [
                "gslb",
                "query",
                "web.fleet.test",
                "--url",
                "127.0.0.1:1",
                "--server",
                $"127.0.0.1:{good.Port}",
                "--server",
                $"127.0.0.1:{bad.Port}",
            ], []);
        run.Code.ShouldBe(ExitCode.Refused);
        run.Out.ShouldContain($"127.0.0.1:{bad.Port} says NxDomain, most say NoError.");
    }

    [Fact]
    public async Task Server_that_is_silent_disagrees_and_all_silent_is_exit_code_3()
    {
        using var good = new FakeDns(["127.0.10.1"]);
        await using var api = await ApiAsync(good);
        string[] args = ["gslb", "query", "web", "--timeout", "0.5", "--server", "127.0.0.1:1"];
        var alone = await PbmRun.AgainstAsync(api, args);
        alone.Code.ShouldBe(ExitCode.Unreachable);
        alone.Error.ShouldContain("no DNS server answers: asked 127.0.0.1:1");
        var both = await PbmRun.AgainstAsync(api, [.. args, "--server", $"127.0.0.1:{good.Port}"]);
        both.Code.ShouldBe(ExitCode.Refused);
        both.Out.ShouldContain("127.0.0.1:1 (127.0.0.1:1) did not answer.");
    }

    [Fact]
    public async Task Truncated_answer_is_asked_for_again_over_tcp()
    {
        using var dns = new FakeDns(["fd00::20"], truncates: true);
        await using var api = await ApiAsync(dns);
        var run = await PbmRun.AgainstAsync(api, "gslb", "query", "objects", "--type", "aaaa", "--node", "adc-1");
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ShouldContain("fd00::20");
    }

    [Fact]
    public async Task Client_subnet_travels_in_the_query()
    {
        using var dns = new FakeDns(["127.0.10.1"]);
        await using var api = await ApiAsync(dns);
        (await PbmRun.AgainstAsync(api, "gslb", "query", "web", "--node", "adc-1", "--client", "10.1.2.3/16")).Code.ShouldBe(ExitCode.Ok);
        Convert.ToHexString(dns.LastQuery).ShouldEndWith("0008" + "0006" + "0001" + "1000" + "0A01");
    }

    [Fact]
    public async Task Unknown_node_is_exit_code_1()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "gslb", "query", "web", "--node", "adc-9");
        run.Code.ShouldBe(ExitCode.Refused);
        run.Error.ShouldContain("the fleet knows no node adc-9.");
    }

    private static async Task<FakeApi> ApiAsync(FakeDns dns) =>
        (await FakeApi.StartAsync()).On("GET", Routes.Map, 200, CannedFleet.Json(CannedFleet.MapOf(dns.Port)));

    /// <summary>Ports and times differ from run to run; columns keep their order, not their width.</summary>
    private static string Settled(string text, FakeDns dns) =>
        Spaces().Replace(Latency().Replace(text, "N ms").Replace($":{dns.Port}", ":PORT", StringComparison.Ordinal), "  ");

    [GeneratedRegex(@"\d+\.\d ms", RegexOptions.NonBacktracking)]
    private static partial Regex Latency();

    [GeneratedRegex(" {2,}", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
