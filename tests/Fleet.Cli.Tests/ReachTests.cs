using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Cli.Messages;
using Fleet.Cli.Sessions;
using Fleet.Shared.Api;

namespace Fleet.Cli.Tests;

/// <summary>Finding a coordinator that answers, and saying clearly when there is none.</summary>
public sealed class ReachTests
{
    [Fact]
    public async Task Nobody_there_is_exit_code_3_and_names_the_url_and_the_way_out()
    {
        var url = DeadUrl();
        var run = await PbmRun.RunAsync(["node", "list", "--url", url], []);
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Out.ShouldBe("");
        run.Error.ShouldBe(
            $"pbm: {url} does not answer (Connection refused). --url or FLEET_API says where else the fleet's API is.{Environment.NewLine}");
    }

    [Fact]
    public async Task Environment_says_where_the_fleet_is_and_the_next_url_is_tried()
    {
        await using var api = await FakeApi.StartAsync();
        var run = await PbmRun.RunAsync(["node", "list"], new() { ["FLEET_API"] = $"{DeadUrl()}, {api.Url[7..]}" });
        run.Error.ShouldBe("");
        run.Code.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task Coordinator_that_cannot_write_now_is_passed_over()
    {
        await using var first = await FakeApi.StartAsync();
        await using var second = await FakeApi.StartAsync();
        first.Problem("POST", Routes.Node("adc-1", "drain"), 503, "the store is not reachable.", Outcomes.Unchanged);
        second.On("POST", Routes.Node("adc-1", "drain"), 200, CannedFleet.Done("adc-1 is to be drained."));
        var run = await PbmRun.RunAsync(["node", "drain", "adc-1", "--url", first.Url, "--url", second.Url], []);
        run.Out.ShouldBe($"adc-1 is to be drained. (map 3.121){Environment.NewLine}");
    }

    [Fact]
    public async Task Everyone_says_503_is_exit_code_3_with_the_reason()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("POST", Routes.Node("adc-1", "drain"), 503, "the store is not reachable.", Outcomes.Unchanged);
        var run = await PbmRun.AgainstAsync(api, "node", "drain", "adc-1");
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Error.ShouldContain($"{api.Url} says: the store is not reachable.");
    }

    [Fact]
    public async Task Follower_leads_to_its_leader_with_the_command_whole()
    {
        await using var leader = await FakeApi.StartAsync();
        await using var follower = await FakeApi.StartAsync();
        var path = Routes.Node("adc-1", "drain");
        leader.On("POST", path, 200, CannedFleet.Done("adc-1 is to be drained."));
        follower.On("POST", path, http =>
        {
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = $"{leader.Url}{path}";
            return Task.CompletedTask;
        });
        var run = await PbmRun.AgainstAsync(follower, "node", "drain", "adc-1", "--if-version", "3.120");
        run.Code.ShouldBe(ExitCode.Ok);
        leader.Requests.Single().IfMatch.ShouldBe("\"3.120\"");
    }

    [Fact]
    public async Task Silence_is_exit_code_3_within_the_timeout()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET", Routes.Nodes, http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        var run = await PbmRun.AgainstAsync(api, "node", "list", "--timeout", "0.2");
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Error.ShouldContain("nothing within 0.2 s");
    }

    [Fact]
    public async Task Command_that_broke_off_is_not_repeated_elsewhere()
    {
        await using var first = await FakeApi.StartAsync();
        await using var second = await FakeApi.StartAsync();
        first.On("POST", Routes.Node("adc-1", "drain"), http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        var run = await PbmRun.RunAsync(["node", "drain", "adc-1", "--url", first.Url, "--url", second.Url], []);
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Error.ShouldContain("whether the command was carried out is not known");
        second.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Command_that_is_not_answered_in_time_is_not_repeated_elsewhere()
    {
        await using var first = await FakeApi.StartAsync();
        await using var second = await FakeApi.StartAsync();
        first.On("POST", Routes.Node("adc-1", "drain"), http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        second.On("POST", Routes.Node("adc-1", "drain"), 200, CannedFleet.Done("It is done."));
        var run = await PbmRun.RunAsync(["node", "drain", "adc-1", "--url", first.Url, "--url", second.Url, "--timeout", "1"], []);
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Error.ShouldContain("whether the command was carried out is not known");
        second.Requests.ShouldBeEmpty();
    }

    /// <summary>What a coordinator says that does not know, and what a proxy or an older coordinator says, who promise nothing.</summary>
    [Theory]
    [InlineData(503, Outcomes.Unknown)]
    [InlineData(503, null)]
    [InlineData(502, null)]
    [InlineData(504, null)]
    public async Task Command_whose_outcome_is_unknown_is_not_repeated_elsewhere(int status, string? outcome)
    {
        await using var first = await FakeApi.StartAsync();
        await using var second = await FakeApi.StartAsync();
        first.Problem("POST", Routes.Node("adc-1", "drain"), status, "the journal failed.", outcome);
        second.On("POST", Routes.Node("adc-1", "drain"), 200, CannedFleet.Done("It is done."));
        var run = await PbmRun.RunAsync(["node", "drain", "adc-1", "--url", first.Url, "--url", second.Url, "--json"], []);
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Error.ShouldBe(
            $"pbm: whether the command was carried out is not known, so pbm does not repeat it: look first (pbm cluster show, pbm cluster tail). "
            + $"{first.Url} says: the journal failed.{Environment.NewLine}");
        Problem.Read(run.Out)!.Outcome.ShouldBe(outcome);
        first.Requests.Count.ShouldBe(1);
        second.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reader_passes_over_a_coordinator_that_says_nothing_of_the_outcome()
    {
        await using var first = await FakeApi.StartAsync();
        await using var second = await FakeApi.StartAsync();
        first.Problem("GET", Routes.Nodes, 503, "not now.");
        (await PbmRun.RunAsync(["node", "list", "--url", first.Url, "--url", second.Url], [])).Code.ShouldBe(ExitCode.Ok);
    }

    /// <summary>
    /// A server that closes in good order after it has read a request: the framework's client would ask again by itself, several times.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Command_is_sent_once_also_by_the_client_below(bool afterReading)
    {
        using var server = new ClosingServer();
        using var client = new FleetClient([server.Url], TimeSpan.FromSeconds(5), null);
        if (afterReading)
            await client.ReadAsync(Routes.Nodes, ApiJson.Default.ImmutableArrayNodeView, CancellationToken.None);
        var failure = await Should.ThrowAsync<PbmException>(
            () => client.CommandAsync(HttpMethod.Post, Routes.Node("adc-1", "drain"), null, null, CancellationToken.None));
        failure.Message.ShouldContain("whether the command was carried out is not known");
        server.Commands.ShouldBe(1);
    }

    [Fact]
    public async Task Something_else_at_that_url_is_exit_code_3()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET", Routes.Nodes, 200, "<html>hello</html>");
        var run = await PbmRun.AgainstAsync(api, "node", "list");
        run.Code.ShouldBe(ExitCode.Unreachable);
        run.Error.ShouldContain("did not answer as a fleet's API does");
    }

    private static string DeadUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }

    /// <summary>Answers what is read, on connections that stay open; takes commands and closes.</summary>
    private sealed class ClosingServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _commands;

        public ClosingServer()
        {
            _listener.Start();
            _ = ServeAllAsync();
        }

        public Uri Url => new($"http://{_listener.LocalEndpoint}");

        public int Commands => _commands;

        public void Dispose() => _listener.Dispose();

        private async Task ServeAllAsync()
        {
            try
            {
                while (true)
                    _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using var connection = client;
            var stream = client.GetStream();
            var buffer = new byte[8192];
            while (await stream.ReadAsync(buffer) is var read and > 0)
            {
                if (!Encoding.ASCII.GetString(buffer, 0, read).StartsWith("GET", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _commands);
                    client.Client.Shutdown(SocketShutdown.Send);
                    return;
                }

                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"u8.ToArray());
            }
        }
    }
}
