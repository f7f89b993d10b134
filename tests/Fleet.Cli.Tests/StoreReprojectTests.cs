using System.Text.Json;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Microsoft.AspNetCore.Http;

namespace Fleet.Cli.Tests;

/// <summary><c>pbm store reproject</c>: what is asked of the leader, and what is said while it works.</summary>
public sealed class StoreReprojectTests
{
    private static readonly RebuildView Asked =
        new(2, RebuildView.Waiting, "ann (claimed)", new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), 0, 0, null, null);

    [Fact]
    public async Task Progress_is_told_until_it_is_done()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await RunAsync(
            api,
            Asked,
            Asked with { State = RebuildView.Running, Revision = 500, Target = 1200 },
            Asked with { State = RebuildView.Running, Revision = 500, Target = 1200 },
            Asked with { State = RebuildView.Running, Revision = 1000, Target = 1200 },
            Asked with { State = RebuildView.Done, Revision = 1200, Target = 1200, Changed = 3 });
        (run.Code, run.Error).ShouldBe((ExitCode.Ok, ""));
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "Revision 500 of 1200.",
            "Revision 1000 of 1200.",
            "The read model was made anew up to revision 1200; 3 rows were mended.",
        ]);
        api.Commands.ShouldBe(["POST /v1/projection/rebuild"]);
    }

    [Fact]
    public async Task What_fails_is_said_with_its_reason()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await RunAsync(api, Asked with { State = RebuildView.Failed, Why = "Revision 7 is gone." });
        (run.Code, run.Out).ShouldBe((ExitCode.Refused, ""));
        run.Error.ShouldContain("the read model is as it was: Revision 7 is gone.");
    }

    [Fact]
    public async Task Another_leader_knows_nothing_of_it()
    {
        await using var api = await FakeApi.StartAsync();
        (await RunAsync(api, Asked, null)).Code.ShouldBe(ExitCode.Unreachable);
        (await RunAsync(api, Asked with { Began = Asked.Began.AddSeconds(1) })).Error.ShouldContain("another coordinator leads now");
    }

    private static async Task<PbmRun> RunAsync(FakeApi api, params RebuildView?[] told)
    {
        var answers = new Queue<RebuildView?>(told);
        api.On("POST", Routes.Rebuild, 200, Text(Asked));
        api.On("GET", Routes.Projection, async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(Text(answers.Count > 1 ? answers.Dequeue() : answers.Peek()));
        });
        return await PbmRun.AgainstAsync(api, "store", "reproject");
    }

    private static string Text(RebuildView? rebuild) =>
        JsonSerializer.Serialize(new ProjectionView(true, 1200, 1200, 0, null, rebuild), ApiJson.Default.ProjectionView);
}
