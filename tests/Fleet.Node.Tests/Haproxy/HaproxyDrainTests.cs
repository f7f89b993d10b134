using System.Diagnostics;
using System.Text;
using Fleet.Node.Tests.Contracts;
using Fleet.Node.Tests.Relay;
using Fleet.Shared.Model;
using Fleet.Testing.Contracts;
using Xunit.Abstractions;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>A VIP that is drained: what is idle ends, and nothing else.</summary>
[NeedsHaproxy]
public sealed class HaproxyDrainTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>More by <c>FLEET_DRAIN_CONNECTIONS=9000</c>, to see what it costs.</summary>
    private static readonly int Many = int.Parse(Environment.GetEnvironmentVariable("FLEET_DRAIN_CONNECTIONS") ?? "300");
    private readonly HaproxyWorld _world = new();
    private readonly TestBackend _one = new("one");
    private readonly VipAddress _vip = RelayWorld.NewVip();
    private readonly VipAddress _other = RelayWorld.NewVip();

    private Listener Http => new(_world.Port, ListenerProtocol.Http);

    public async Task InitializeAsync()
    {
        await _world.StartAsync();
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip, _other], [_one]));
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _one.DisposeAsync();
    }

    [ContractFact]
    public async Task Idle_connections_of_other_vips_stay()
    {
        using var drained = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        using var other = await HttpClientSocket.ConnectAsync(_other, _world.Port);
        await drained.GetAsync();
        await other.GetAsync();
        await _world.Plane.DrainAsync([_vip], CancellationToken.None);
        (await drained.ReadAsync()).ShouldBeEmpty();
        (await other.GetAsync()).ShouldBe("one");
        (await other.GetAsync()).ShouldBe("one");
    }

    [ContractFact]
    public async Task Connection_whose_first_request_is_on_its_way_is_served()
    {
        _world.FirstRequestMax = TimeSpan.FromMinutes(1);
        await _world.RestartAgentAsync();
        using var fresh = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        await _world.Plane.DrainAsync([_vip], CancellationToken.None);
        await _world.Plane.ReadAsync(CancellationToken.None);
        (await fresh.GetAsync()).ShouldBe("one");
        (await fresh.ReadAsync()).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Connection_that_has_sent_nothing_for_long_ends_without_an_answer()
    {
        _world.FirstRequestMax = TimeSpan.FromMilliseconds(50);
        await _world.RestartAgentAsync();
        using var early = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        await Task.Delay(100);
        await _world.Plane.DrainAsync([_vip], CancellationToken.None);
        (await early.ReadAsync()).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Upload_that_is_under_way_comes_to_its_end()
    {
        await using var backend = new FakeBackend(async stream =>
        {
            var buffer = new byte[4096];
            var got = "";
            while (!got.EndsWith("the end", StringComparison.Ordinal))
                got += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstored"u8.ToArray());
        });
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], []) with { Backends = [new("b", backend.Address)] });
        using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 12\r\n\r\nhalf ");
        await RelayWorld.EventuallyAsync(() => Task.FromResult(backend.Accepted == 1), "the upload is under way");
        await _world.Plane.DrainAsync([_vip], CancellationToken.None);
        for (var i = 0; i < 3; i++)
            await _world.Plane.ReadAsync(CancellationToken.None);
        await client.SendAsync("the end");
        (await client.ReadResponseAsync()).ShouldBe("stored");
        (await client.ReadAsync()).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Request_whose_head_comes_in_pieces_is_served()
    {
        using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        await client.GetAsync();
        await Task.Delay(20);
        await client.SendAsync("GET / HTTP/1.1\r\nHo");
        await Task.Delay(20);
        await _world.Plane.DrainAsync([_vip], CancellationToken.None);
        await _world.Plane.ReadAsync(CancellationToken.None);
        await client.SendAsync("st: test\r\n\r\n");
        (await client.ReadResponseAsync()).ShouldBe("one");
        (await client.ReadAsync()).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Response_that_began_before_the_drain_ends_its_connection_too()
    {
        var rest = new TaskCompletionSource();
        await using var backend = new FakeBackend(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[10]);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha"u8.ToArray());
            await rest.Task;
            await stream.WriteAsync("lf"u8.ToArray());
            while (await stream.ReadAsync(new byte[100]) > 0)
            {
                // What is left of the request, and the end.
            }
        });
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], []) with { Backends = [new("b", backend.Address)] });
        using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        var begun = await client.ReadAsync();
        await _world.Plane.DrainAsync([_vip], CancellationToken.None);
        rest.SetResult();
        while (!begun.EndsWith("half", StringComparison.Ordinal))
            begun += await client.ReadAsync();
        begun.ToLowerInvariant().ShouldNotContain("connection: close");
        var end = client.ReadAsync();
        await RelayWorld.EventuallyAsync(
            async () =>
            {
                await _world.Plane.ReadAsync(CancellationToken.None);
                return end.IsCompleted;
            },
            "it is found idle");
        (await end).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Connections_from_before_a_reload_are_drained_as_well()
    {
        using var idle = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        using var other = await HttpClientSocket.ConnectAsync(_other, _world.Port);
        await idle.GetAsync();
        await other.GetAsync();
        var pid = _world.Pid;
        await _world.ApplyAsync(
            HaproxyWorld.Service("web", [Http, new Listener(HaproxyPorts.Take(), ListenerProtocol.Http)], [_vip, _other], [_one]));
        (await _world.LookAsync()).OldWorkers.ShouldContain(pid);
        var counters = (await _world.Plane.ReadAsync(CancellationToken.None)).Counters;
        (counters[_vip].Active, counters[_vip].Requests).ShouldBe((1, 1L), "the old process is counted too");
        await _world.Plane.DrainAsync([_vip], CancellationToken.None);
        (await idle.ReadAsync()).ShouldBeEmpty();
        (await other.GetAsync()).ShouldBe("one");
    }

    [ContractFact]
    public async Task Many_idle_connections_end_and_all_that_were_busy_go_on()
    {
        var idle = new List<HttpClientSocket>();
        using var busy = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        try
        {
            for (var i = 0; i < Many; i++)
            {
                idle.Add(await HttpClientSocket.ConnectAsync(_vip, _world.Port));
                await idle[i].GetAsync();
            }

            await busy.SendAsync("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
            await RelayWorld.EventuallyAsync(() => Task.FromResult(_one.Requests == Many + 1), "the busy request is on its way");
            var since = Stopwatch.StartNew();
            await _world.Plane.DrainAsync([_vip], CancellationToken.None);
            var told = since.ElapsedMilliseconds;
            foreach (var client in idle)
                (await client.ReadAsync()).ShouldBeEmpty();
            output.WriteLine($"{Many} idle connections: drained after {told} ms, all ended after {since.ElapsedMilliseconds} ms.");
            since.Restart();
            await _world.Plane.ReadAsync(CancellationToken.None);
            output.WriteLine($"A reading meanwhile, with nothing idle: {since.ElapsedMilliseconds} ms.");
            _one.Release();
            (await busy.ReadResponseAsync()).ShouldBe("one");
        }
        finally
        {
            foreach (var client in idle)
                client.Dispose();
        }
    }

    [ContractFact]
    public async Task Connection_that_becomes_a_tunnel_while_its_vip_is_drained_is_one()
    {
        await using var backend = new FakeBackend(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[10]);
            await stream.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello"u8.ToArray());
            var buffer = new byte[1000];
            var got = "";
            while (!got.EndsWith("ping", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is var length and > 0)
                got += Encoding.ASCII.GetString(buffer, 0, length);
            if (got.EndsWith("ping", StringComparison.Ordinal))
                await stream.WriteAsync("pong"u8.ToArray());
        });
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], []) with { Backends = [new("b", backend.Address)] });
        await _world.Plane.DrainAsync([_vip], CancellationToken.None);
        using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
        var said = "";
        while (!said.EndsWith("hello", StringComparison.Ordinal))
            said += await client.ReadAsync();
        said.ToLowerInvariant().ShouldContain("connection: upgrade");
        await Task.Delay(20);
        for (var i = 0; i < 3; i++)
            await _world.Plane.ReadAsync(CancellationToken.None);
        await client.SendAsync("ping");
        (await client.ReadAsync()).ShouldBe("pong", "a tunnel is busy for as long as it lasts");
    }
}
