using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Testing;

namespace Fleet.Cli.Tests;

public sealed class PlanTests
{
    /// <summary>Two VIPs that each fill most of a node, and two nodes: nothing can be done about the failure of one.</summary>
    private const string TooMuch = """
        {"nodes":[{"name":"a","site":"s","domain":"r1","capacity-bps":10e9},{"name":"b","site":"s","domain":"r2","capacity-bps":10e9}],
         "vips":[{"address":"10.0.0.1","service":"web","demand-bps":6e9,"owner":"a","standbys":["b"]},
                 {"address":"10.0.0.2","service":"web","demand-bps":6e9,"owner":"b","standbys":["a"]},
                 {"address":"10.0.0.3","service":"far","site":"t","demand-bps":1e9}]}
        """;

    [Theory]
    [InlineData("", "plan.txt")]
    [InlineData("--json", "plan.json")]
    public async Task Plan_of_a_file_needs_no_fleet(string more, string golden)
    {
        using var file = new ProblemFile();
        var run = await PbmRun.RunAsync(
            ["plan", "--input", file.Path, "--url", "http://127.0.0.1:1", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)], []);
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Ok);
        Golden.Match(golden, run.Out);
    }

    [Fact]
    public async Task Order_of_the_input_does_not_change_the_output_by_a_byte()
    {
        using var file = new ProblemFile(ProblemFile.Text(domains: 1));
        using var turned = new ProblemFile(ProblemFile.Text(domains: 1, isReversed: true));
        var run = await PbmRun.RunAsync(["plan", "-i", file.Path, "--json"], []);
        (await PbmRun.RunAsync(["plan", "-i", turned.Path, "--json"], [])).Out.ShouldBe(run.Out);
        (await PbmRun.RunAsync(["plan", "-i", turned.Path], [])).Out.ShouldBe((await PbmRun.RunAsync(["plan", "-i", file.Path], [])).Out);
    }

    [Fact]
    public async Task Plan_without_protection_is_printed_and_is_exit_code_1()
    {
        using var file = new ProblemFile(TooMuch);
        var run = await PbmRun.RunAsync(["plan", "--input", file.Path], []);
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Refused);
        run.Out.ShouldContain("there is no node in site t");
        run.Out.ShouldContain("Not protected (every failure was looked at); worst is");
        run.Out.ShouldContain("No placement could be protected: ");
        var json = JsonNode.Parse((await PbmRun.RunAsync(["plan", "--input", file.Path, "--json"], [])).Out)!;
        json["protection"]!["holds"]!.GetValue<bool>().ShouldBeFalse();
        json["protection"]!["worst"]!["excess-bps"]!.GetValue<long>().ShouldBe(2_000_000_000);
        json["unplaced"]![0]!["address"]!.GetValue<string>().ShouldBe("10.0.0.3");
        json["infeasible"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Problem_may_come_from_standard_input()
    {
        var run = await PbmRun.RunAsync(["plan", "--input", "-", "--json"], [], input: ProblemFile.Text());
        run.Code.ShouldBe(ExitCode.Ok);
        JsonNode.Parse(run.Out)!["assignments"]!.AsArray().Count.ShouldBe(24);
    }

    [Fact]
    public async Task Mistakes_are_told_with_the_file_and_are_exit_code_2()
    {
        var run = await PbmRun.RunAsync(
            ["plan", "--input", "-"],
            [],
            input: """{"nodes":[{"name":"a","site":"s","domain":"r","capacity-bps":1,"state":"on"}],"vips":[{"address":"x","servic"""
                + """e":"s","demand-bps":1}]}""");
        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBe("");
        run.Error.ReplaceLineEndings("\n").ShouldBe(
            "pbm: standard input: nodes[0].state: 'on' is no state; allowed are up, cordoned, draining, down.\nstandard input: vips[0].address: 'x' "
            + "is not an IP address.\n");
    }

    [Fact]
    public async Task What_means_nothing_is_remarked_and_planned_without()
    {
        var run = await PbmRun.RunAsync(["plan", "--input", "-"], [], input: """{"nodes":[],"vips":[],"vipps":[]}""");
        run.Code.ShouldBe(ExitCode.Ok);
        run.Error.ShouldBe($"pbm: standard input: vipps means nothing here and was left aside; did you mean vips?{Environment.NewLine}");
    }

    [Fact]
    public async Task Without_a_file_the_fleet_itself_is_planned()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "plan");
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Refused, "one node is up, and any one may fail");
        run.Out.ShouldStartWith($"Planned from map 3.120.{Environment.NewLine}");
        var json = JsonNode.Parse((await PbmRun.AgainstAsync(api, "plan", "--json")).Out)!;
        json["version"]!["revision"]!.GetValue<long>().ShouldBe(120);
        api.Commands.ShouldBeEmpty("planning changes nothing");
    }

    [Fact]
    public async Task Fleet_that_does_not_answer_is_exit_code_3()
    {
        var run = await PbmRun.RunAsync(["plan", "--url", "http://127.0.0.1:1"], []);
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Out.ShouldBe("");
    }
}
