using Fleet.Cli.Messages;
using Fleet.Shared.Api;

namespace Fleet.Cli.Tests;

/// <summary>What changes the fleet: what is sent, and what refusals become.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("node drain adc-1", "POST /v1/nodes/adc-1/drain")]
    [InlineData("node undrain adc-1", "POST /v1/nodes/adc-1/undrain")]
    [InlineData("node cordon adc-1", "POST /v1/nodes/adc-1/cordon")]
    [InlineData("cluster leave adc-1", "POST /v1/nodes/adc-1/leave")]
    [InlineData("cluster down adc-1", "POST /v1/nodes/adc-1/down")]
    [InlineData("service remove web", "DELETE /v1/services/web")]
    public async Task Command_is_sent_and_its_sentence_printed(string command, string sent)
    {
        await using var api = await FakeApi.StartAsync();
        var parts = sent.Split(' ');
        api.On(parts[0], parts[1], 200, CannedFleet.Done("It is done."));
        var run = await PbmRun.AgainstAsync(api, [.. command.Split(' '), "--if-version", "3.120"]);
        run.Error.ShouldBe("");
        run.Out.ShouldBe($"It is done. (map 3.121){Environment.NewLine}");
        run.Code.ShouldBe(ExitCode.Ok);
        api.Commands.ShouldBe([sent]);
        api.Requests.Single().IfMatch.ShouldBe("\"3.120\"");
    }

    [Theory]
    [InlineData("cluster transfer", "POST /v1/coordinators/transfer")]
    [InlineData("cluster transfer coordinator-2", "POST /v1/coordinators/transfer?to=coordinator-2")]
    public async Task Leadership_is_handed_over_to_whom_it_is_said(string command, string sent)
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST", Routes.Transfer, 200, CannedFleet.Done("coordinator-2 leads."));
        var run = await PbmRun.AgainstAsync(api, command.Split(' '));
        (run.Code, run.Out, run.Error).ShouldBe((ExitCode.Ok, $"coordinator-2 leads. (map 3.121){Environment.NewLine}", ""));
        api.Commands.ShouldBe([sent]);
    }

    [Fact]
    public async Task Journal_is_told_who_asked()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST", Routes.Node("adc-1", "drain"), 200, CannedFleet.Done("It is done."));
        await PbmRun.RunAsync(["node", "drain", "adc-1", "--url", api.Url], new() { ["USER"] = "ann" });
        api.Requests.Single().Actor.ShouldBe("ann");
    }

    [Theory]
    [InlineData(404, ExitCode.Refused)]
    [InlineData(409, ExitCode.Refused)]
    [InlineData(412, ExitCode.Refused)]
    [InlineData(400, ExitCode.Usage)]
    [InlineData(500, ExitCode.Unreachable)]
    public async Task Refusal_is_one_sentence_and_an_exit_code(int status, int code)
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("POST", Routes.Node("adc-1", "drain"), status, "adc-1 is the last one.");
        var run = await PbmRun.AgainstAsync(api, "node", "drain", "adc-1");
        run.Code.ShouldBe(code);
        run.Out.ShouldBe("");
        run.Error.ShouldBe($"pbm: adc-1 is the last one.{Environment.NewLine}");
    }

    [Fact]
    public async Task Refusal_without_a_document_still_says_something()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST", Routes.Node("adc-1", "drain"), 412, "");
        var run = await PbmRun.AgainstAsync(api, "node", "drain", "adc-1");
        run.Code.ShouldBe(ExitCode.Refused);
        run.Error.ShouldContain("the fleet has moved on since that version");
    }

    [Fact]
    public async Task Program_gets_the_problem_document_on_stdout()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "node", "show", "adc-9", "--json");
        run.Code.ShouldBe(ExitCode.Refused);
        Problem.Read(run.Out)!.Status.ShouldBe(404);
        run.Error.ShouldBe($"pbm: The fleet knows nothing of that name.{Environment.NewLine}");
    }

    [Theory]
    [InlineData("cluster down adc-1", "n")]
    [InlineData("service remove web", "")]
    public async Task Person_who_does_not_say_yes_changes_nothing(string command, string typed)
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.RunAsync([.. command.Split(' '), "--url", api.Url], [], typed);
        run.Code.ShouldBe(ExitCode.Refused);
        run.Error.ShouldContain("[y/N]");
        api.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("y", new string[0])]
    [InlineData("", new[] { "--yes" })]
    public async Task Person_who_says_yes_is_obeyed(string typed, string[] more)
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST", Routes.Node("adc-1", "down"), 200, CannedFleet.Done("adc-1 is down."));
        var run = await PbmRun.RunAsync(["cluster", "down", "adc-1", "--url", api.Url, .. more], [], typed);
        run.Code.ShouldBe(ExitCode.Ok);
        api.Commands.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Down_unreachable_takes_the_suspect_nodes_only()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST", Routes.Node("adc-3", "down"), 200, CannedFleet.Done("adc-3 is down."));
        var run = await PbmRun.AgainstAsync(api, "cluster", "down-unreachable");
        run.Out.ShouldBe($"adc-3 is down. (map 3.121){Environment.NewLine}");
        api.Commands.ShouldBe(["POST /v1/nodes/adc-3/down"]);
    }

    [Fact]
    public async Task Leave_with_wait_follows_until_the_node_is_gone()
    {
        await using var api = await FakeApi.StartAsync();
        var asked = 0;
        api.On("POST", Routes.Node("adc-2", "leave"), 200, CannedFleet.Done("adc-2 leaves."));
        api.On("GET", Routes.Node("adc-2"), async http =>
        {
            var gone = Interlocked.Increment(ref asked) > 1;
            var node = System.Text.Json.JsonSerializer.Serialize(CannedFleet.Nodes[1] with { State = "leaving" }, ApiJson.Default.NodeView);
            http.Response.StatusCode = gone ? 404 : 200;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, gone ? "{}" : node);
        });
        var run = await PbmRun.AgainstAsync(api, "cluster", "leave", "adc-2", "--wait");
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.ReplaceLineEndings("\n").ShouldBe("adc-2 leaves. (map 3.121)\nadc-2 is leaving and has 2 VIPs left\nadc-2 has left\n");
    }

    [Fact]
    public async Task Leave_with_wait_gives_up_after_its_bound()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST", Routes.Node("adc-1", "leave"), 200, CannedFleet.Done("adc-1 leaves."));
        var run = await PbmRun.AgainstAsync(api, "cluster", "leave", "adc-1", "--wait", "--wait-max", "0.1");
        run.Code.ShouldBe(ExitCode.Refused);
        run.Error.ShouldContain("adc-1 is still there after 0.1 s");
    }
}
