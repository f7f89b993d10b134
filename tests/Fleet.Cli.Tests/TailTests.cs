using System.Text.Json;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Model;
using Fleet.Testing;
using Microsoft.AspNetCore.Http;

namespace Fleet.Cli.Tests;

/// <summary>Following the stream of events.</summary>
public sealed class TailTests
{
    [Fact]
    public async Task Newest_events_come_first_in_order_and_then_the_stream_without_repeating_any()
    {
        await using var api = await FakeApi.StartAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = new WatchedOutput();
        api.On("GET", Routes.EventStream, async http =>
        {
            await SendAsync(http, CannedFleet.Events[1], CannedFleet.Events[2], Later(121), Later(122));
            await output.ShowsAsync("(122)");
            await stop.CancelAsync();
        });
        var run = await PbmRun.RunAsync(["cluster", "tail", "--lines", "3", "--url", api.Url], [], written: output, cancel: stop.Token);
        run.Code.ShouldBe(ExitCode.Ok);
        Golden.Match("cluster-tail.txt", run.Out);
        api.Requests.Select(asked => asked.Path).ShouldBe(["/v1/events?limit=3", "/v1/events/stream?from=120"]);
    }

    [Fact]
    public async Task Stream_that_breaks_is_taken_up_where_it_broke()
    {
        await using var api = await FakeApi.StartAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = new WatchedOutput();
        var streams = 0;
        api.On("GET", Routes.EventStream, async http =>
        {
            switch (Interlocked.Increment(ref streams))
            {
                case 1:
                    await SendAsync(http, Later(121), Later(122));
                    await output.ShowsAsync("(122)");
                    http.Abort();
                    break;
                case 2:
                    http.Response.StatusCode = 503;
                    break;
                default:
                    await SendAsync(http, Later(122), Later(123));
                    await output.ShowsAsync("(123)");
                    await stop.CancelAsync();
                    break;
            }
        });
        var run = await PbmRun.RunAsync(["cluster", "tail", "--from", "121", "--json", "--url", api.Url], [], written: output, cancel: stop.Token);
        run.Out
            .TrimEnd()
            .Split('\n')
            .Select(line => JsonSerializer.Deserialize(line, ApiJson.Default.EventView)!.Version.Revision)
            .ShouldBe([121L, 122, 123]);
        run.Error.ShouldContain("broke off");
        api.Requests.Select(asked => asked.Path).ShouldBe(["/v1/events/stream?from=121", "/v1/events/stream?from=122", "/v1/events/stream?from=122"]);
    }

    [Fact]
    public async Task No_lines_means_only_what_comes()
    {
        await using var api = await FakeApi.StartAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = new WatchedOutput();
        api.On("GET", Routes.EventStream, async http =>
        {
            await SendAsync(http, CannedFleet.Events[1], CannedFleet.Events[2], Later(121));
            await output.ShowsAsync("(121)");
            await stop.CancelAsync();
        });
        var run = await PbmRun.RunAsync(["cluster", "tail", "-n", "0", "--url", api.Url], [], written: output, cancel: stop.Token);
        run.Out.TrimEnd().Split('\n').Length.ShouldBe(1);
        run.Out.ShouldStartWith("3.121 ");
        api.Requests.Last().Path.ShouldBe("/v1/events/stream?from=120");
    }

    [Theory]
    [InlineData("--from", "3")]
    [InlineData("--lines", "3")]
    public async Task Fleet_that_never_answered_is_exit_code_3(string option, string value)
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET", Routes.EventStream, 503, "").On("GET", Routes.Events, 503, "");
        (await PbmRun.AgainstAsync(api, "cluster", "tail", option, value)).Code.ShouldBe(ExitCode.Unreachable);
    }

    private static EventView Later(long revision) =>
        new(
            new MapVersion(3, revision),
            new DateTimeOffset(2026, 3, 1, 12, 0, 5, TimeSpan.Zero),
            Principal.Leader,
            "vips-serving",
            $"127.0.10.3 is served by adc-1 ({revision}).");

    private static async Task SendAsync(HttpContext http, params EventView[] events)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var happened in events)
            await http.Response.WriteAsync($"event: fleet\ndata: {JsonSerializer.Serialize(happened, ApiJson.Default.EventView)}\n\n");
        await http.Response.Body.FlushAsync();
    }
}
