using System.Text.Json.Nodes;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Testing;

namespace Fleet.Cli.Tests;

public sealed class WhatIfTests
{
    [Theory]
    [InlineData("--fail adc-1", "whatif-fail.txt", ExitCode.Ok)]
    [InlineData("--fail adc-1 --json", "whatif-fail.json", ExitCode.Ok)]
    [InlineData("--fail-domain ams/rack-1", "whatif-fail-domain.txt", ExitCode.Refused)]
    public async Task Answer_is_golden(string line, string golden, int code)
    {
        using var file = new ProblemFile();
        var run = await PbmRun.RunAsync(["whatif", .. line.Split(' '), "--input", file.Path, "--url", "http://127.0.0.1:1"], []);
        run.Error.ShouldBe("");
        run.Code.ShouldBe(code);
        Golden.Match(golden, run.Out);
    }

    /// <summary>What the planner makes of it is its own affair; that it is shown, with what comes of it, is ours.</summary>
    [Theory]
    [InlineData("--drain adc-2", @"^adc-2 +draining +30 % +0 % +0 +0 bit/s$", @"^By plan 7 VIPs move, 7 Gbit/s; at least 7 Gbit/s must.$")]
    [InlineData("--remove adc-2", @"^adc-2 +draining +30 % +0 % +0 +0 bit/s$", @"^10\.0\.0\.2 +adc-2 +adc-[134] +1 Gbit/s +owner drains or leaves$")]
    [InlineData("--add 1 --capacity 40Gbps --domain rack-3", @"^new-1 +up +- +2\d", @"^highest +- +30 % +2\d")]
    [InlineData("--surge web=x2,s3=50%", @"^adc-1 +up +30 % +37\.5 % +6 +7\.5 Gbit/s$", @"^After: protected ")]
    public async Task Answer_shows_nodes_moves_and_verdict(string line, params string[] patterns)
    {
        using var file = new ProblemFile();
        var run = await PbmRun.RunAsync(["whatif", .. line.Split(' '), "--input", file.Path], []);
        run.Code.ShouldBe(ExitCode.Ok);
        foreach (var pattern in patterns)
            run.Out.ReplaceLineEndings("\n").ShouldMatch($"(?m){pattern}");
    }

    [Theory]
    [InlineData("--fail adc-1,adc-2,adc-3,adc-4")]
    [InlineData("--surge web=x7")]
    [InlineData("--fail adc-1 --fail adc-2 --surge web=400%")]
    [InlineData("--fail adc-1 adc-2 --surge web=400% s3=x1")]
    public async Task What_would_not_be_protected_is_exit_code_1(string line)
    {
        using var file = new ProblemFile();
        var run = await PbmRun.RunAsync(["whatif", .. line.Split(' '), "--input", file.Path], []);
        run.Code.ShouldBe(ExitCode.Refused);
        run.Out.ShouldContain("After: not protected");
        run.Out.ShouldContain("No placement could be protected: ");
    }

    [Fact]
    public async Task Answer_names_the_map_it_was_computed_from()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "whatif", "--add", "2");
        run.Error.ShouldBe("");
        run.Out.ShouldStartWith($"Computed from map 3.120.{Environment.NewLine}");
        JsonNode.Parse((await PbmRun.AgainstAsync(api, "whatif", "--add", "2", "--json")).Out)!["version"]!["revision"]!.GetValue<long>()
            .ShouldBe(120);
        api.Commands.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--drain", NodeVerbs.Drain)]
    [InlineData("--remove", NodeVerbs.Leave)]
    public async Task Applied_it_is_sent_on_condition_that_the_fleet_is_still_the_same(string option, string verb)
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST", Routes.Node("adc-1", verb), 200, CannedFleet.Done("It is done."));
        var run = await PbmRun.AgainstAsync(api, "whatif", option, "adc-1", "--apply");
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ShouldEndWith($"{Environment.NewLine}It is done. (map 3.121){Environment.NewLine}");
        api.Requests.Last().IfMatch.ShouldBe("\"3.120\"");
        var json = JsonNode.Parse((await PbmRun.AgainstAsync(api, "whatif", option, "adc-1", "--apply", "--json")).Out)!;
        json["applied"]!["text"]!.GetValue<string>().ShouldBe("It is done.");
        api.Commands.ShouldBe([$"POST /v1/nodes/adc-1/{verb}", $"POST /v1/nodes/adc-1/{verb}"]);
    }

    [Fact]
    public async Task Fleet_that_moved_on_refuses_and_that_is_said()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("POST", Routes.Node("adc-1", NodeVerbs.Drain), 412, "The fleet is at 3.121, not at 3.120: look again.");
        var run = await PbmRun.AgainstAsync(api, "whatif", "--drain", "adc-1", "--apply");
        run.Code.ShouldBe(ExitCode.Refused);
        run.Error.ShouldBe(
            $"pbm: not done: The fleet is at 3.121, not at 3.120: look again. The answer above is for map 3.120.{Environment.NewLine}");
    }

    [Theory]
    [InlineData("", "say what is to happen")]
    [InlineData("--capacity 88Gbps", "they need --add")]
    [InlineData("--surge web", "--surge takes SERVICE=FACTOR")]
    [InlineData("--surge web=lots", "--surge takes SERVICE=FACTOR")]
    [InlineData("--add 0", "--add takes a whole number from 1")]
    [InlineData("--fail adc-1 --apply", "failures and surges are not orders")]
    [InlineData("--add 1 --apply", "a node joins when its agent is started")]
    [InlineData("--surge web=x2 --apply", "failures and surges are not orders")]
    [InlineData("--drain adc-1 --drain adc-2 --apply", "exactly one --drain or --remove")]
    [InlineData("--drain adc-1 --apply --input x.json", "--apply needs a fleet, not --input")]
    public async Task Wrong_question_is_exit_code_2_before_anybody_is_asked(string line, string complaint)
    {
        var run = await PbmRun.RunAsync(["whatif", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--url", "http://127.0.0.1:1"], []);
        run.Error.ShouldContain(complaint);
        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBe("");
    }

    [Fact]
    public async Task What_the_fleet_does_not_have_is_exit_code_2_all_at_once()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "whatif", "--drain", "adc-9", "--surge", "wbe=x2");
        run.Error.ReplaceLineEndings("\n")
            .ShouldBe("pbm: 'wbe' is not a service of the fleet; did you mean web?\n'adc-9' is not a node of the fleet; did you mean adc-1?\n");
        run.Code.ShouldBe(ExitCode.Usage);
    }
}
