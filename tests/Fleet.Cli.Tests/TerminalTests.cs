using Fleet.Cli.Messages;
namespace Fleet.Cli.Tests;

/// <summary>Colours, widths, and watching.</summary>
public sealed class TerminalTests
{
    private const string Escape = "\u001b[";

    [Fact]
    public async Task Terminal_gets_colours()
    {
        await using var api = await FakeApi.StartAsync();
        (await OnTerminalAsync(api, [], "node", "list")).ShouldContain(Escape);
    }

    [Fact]
    public async Task No_color_option_is_honoured()
    {
        await using var api = await FakeApi.StartAsync();
        (await OnTerminalAsync(api, [], "node", "list", "--no-color")).ShouldNotContain(Escape);
    }

    [Fact]
    public async Task No_color_variable_is_honoured()
    {
        await using var api = await FakeApi.StartAsync();
        (await OnTerminalAsync(api, new() { ["NO_COLOR"] = "1" }, "node", "list")).ShouldNotContain(Escape);
    }

    [Fact]
    public async Task Pipe_gets_one_line_per_row_however_long()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.AgainstAsync(api, "vip", "list");
        run.Out.ShouldNotContain(Escape);
        run.Out.TrimEnd().Split('\n').Length.ShouldBe(1 + CannedFleet.Vips.Length);
    }

    [Fact]
    public async Task Watch_shows_again_until_it_is_stopped_and_survives_a_silent_fleet()
    {
        await using var api = await FakeApi.StartAsync();
        using var stop = new CancellationTokenSource();
        var shown = 0;
        api.On("GET", Shared.Api.Routes.Nodes, async http =>
        {
            var turn = Interlocked.Increment(ref shown);
            if (turn == 4)
                await stop.CancelAsync();
            http.Response.StatusCode = turn == 2 ? 503 : 200;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, turn == 2 ? "" : "[]");
        });
        var run = await PbmRun.RunAsync(["node", "list", "-w", "0.05", "--url", api.Url], [], cancel: stop.Token);
        run.Code.ShouldBe(ExitCode.Ok);
        run.Out.Split("NODE").Length.ShouldBe(3);
        run.Error.ShouldContain("it cannot do that now");
    }

    [Fact]
    public async Task Watch_redraws_on_a_terminal()
    {
        await using var api = await FakeApi.StartAsync();
        using var stop = new CancellationTokenSource();
        var shown = 0;
        api.On("GET", Shared.Api.Routes.Nodes, async http =>
        {
            if (Interlocked.Increment(ref shown) == 3)
                await stop.CancelAsync();
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, "[]");
        });
        var run = await PbmRun.RunAsync(["node", "list", "-w", "0.05", "--url", api.Url], [], width: 200, cancel: stop.Token);
        run.Out.ShouldStartWith("\u001b[H\u001b[2J");
        run.Out.Split("\u001b[H").Length.ShouldBe(3);
    }

    private static async Task<string> OnTerminalAsync(FakeApi api, Dictionary<string, string> environment, params string[] args) =>
        (await PbmRun.RunAsync([.. args, "--url", api.Url], environment, width: 300)).Out;
}
