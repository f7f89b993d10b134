using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Node.Tests.Contracts;
using Fleet.Node.Tests.Relay;
using Fleet.Shared.Model;
using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>What HAProxy does with traffic beside what every data plane does.</summary>
[NeedsHaproxy]
public sealed class HaproxyTrafficTests : IAsyncLifetime
{
    private readonly HaproxyWorld _world = new();
    private readonly TestBackend _one = new("one");
    private readonly TestBackend _echo = new("echo", echo: true);
    private readonly VipAddress _vip = RelayWorld.NewVip();

    private Listener Http => new(_world.Port, ListenerProtocol.Http);

    private Listener Tcp => new(_world.Port, ListenerProtocol.Tcp);

    public Task InitializeAsync() => _world.StartAsync();

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _one.DisposeAsync();
        await _echo.DisposeAsync();
    }

    [ContractFact]
    public async Task Bytes_of_tcp_are_counted_one_by_one()
    {
        await _world.ApplyAsync(HaproxyWorld.Service("echo", [Tcp], [_vip], [_echo]));
        using (var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port))
        {
            await client.SendAsync(new string('x', 1234));
            for (var got = 0; got < 1234;)
                got += (await client.ReadAsync()).Length;
        }

        await RelayWorld.EventuallyAsync(
            async () => (await _world.Plane.ReadAsync(CancellationToken.None)).Counters.GetValueOrDefault(_vip) is
            {
                BytesIn: 1234,
                BytesOut: 1234,
                Connections: 1,
                Requests: 0,
                Active: 0,
            },
            "1,234 bytes in and out on one connection");
    }

    [ContractFact]
    public async Task Backends_that_ask_for_it_are_told_the_client_the_vip_and_the_node()
    {
        await using var proxied = new TestBackend("proxied", proxied: true);
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], [proxied], proxied: true));
        using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port, IPAddress.Parse("127.0.0.77"));
        (await client.GetAsync()).ShouldBe($"proxied 127.0.0.77 {_vip}:{_world.Port} adc-7");
    }

    [ContractFact]
    public async Task Http_backends_are_told_the_client_in_a_field()
    {
        var seen = new TaskCompletionSource<string>();
        await using var backend = new FakeBackend(async stream =>
        {
            var buffer = new byte[4096];
            var text = "";
            while (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
                text += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
            seen.TrySetResult(text);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        });
        var service = HaproxyWorld.Service("web", [Http], [_vip], []) with { Backends = [new("b", backend.Address)] };
        await _world.ApplyAsync(service);
        using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port, IPAddress.Parse("127.0.0.78"));
        await client.GetAsync();
        (await seen.Task.WaitAsync(TimeSpan.FromSeconds(10))).ToLowerInvariant().ShouldContain("x-forwarded-for: 127.0.0.78\r\n");
    }

    [ContractFact]
    public async Task One_port_can_be_http_for_one_vip_and_tcp_for_another()
    {
        var other = RelayWorld.NewVip();
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], [_one]), HaproxyWorld.Service("echo", [Tcp], [other], [_echo]));
        (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldBe("one");
        for (var i = 0; i < 5; i++)
        {
            using var client = await HttpClientSocket.ConnectAsync(other, _world.Port);
            await client.SendAsync("not http");
            (await client.ReadAsync()).ShouldBe("not http");
        }
    }

    [ContractFact]
    public async Task Address_that_is_no_vip_of_a_service_is_turned_away()
    {
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], [_one]));
        (await HttpClientSocket.TryGetAsync(RelayWorld.NewVip(), _world.Port)).ShouldBeNull();
        _one.Connections.ShouldBe(0);
    }

    [ContractFact]
    public async Task What_each_backend_has_carried_is_known_by_service_and_name()
    {
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], [_one]));
        for (var i = 0; i < 3; i++)
            await HttpClientSocket.TryGetAsync(_vip, _world.Port);
        await RelayWorld.EventuallyAsync(
            async () => (await _world.Plane.ReadBackendsAsync(CancellationToken.None)) is { Count: 1 } backends
                && backends.Single() is { Key.Value: "web/one", Value: { Requests: 3, Connections: 3, Active: 0, ConnectErrors: 0, Takes: true } },
            "three requests of one backend");
    }

    [ContractFact]
    public async Task Backends_that_refuse_are_left_for_another()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Parse("127.91.0.2"), 0)); // Bound and not listening: every connection is refused.
        var service = HaproxyWorld.Service("web", [Http], [_vip], [_one]);
        await _world.ApplyAsync(service with { Backends = [new("dead", (IPEndPoint)taken.LocalEndPoint!), .. service.Backends] });
        for (var i = 0; i < 6; i++)
            (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldBe("one");
    }

    [ContractFact]
    public async Task Vips_of_ipv6_are_served_and_counted()
    {
        if (!Socket.OSSupportsIPv6)
            return;
        await using var world = new HaproxyWorld { OverIPv6 = true };
        await world.StartAsync();
        var vip = VipAddress.Parse("::1");
        await world.ApplyAsync(HaproxyWorld.Service("web", [new Listener(world.Port, ListenerProtocol.Http)], [vip], [_one]));
        (await HttpClientSocket.TryGetAsync(vip, world.Port)).ShouldBe("one");
        using var idle = await HttpClientSocket.ConnectAsync(vip, world.Port);
        await idle.GetAsync();
        await RelayWorld.EventuallyAsync(
            async () => (await world.Plane.ReadAsync(CancellationToken.None)).Counters.GetValueOrDefault(vip) is { Requests: 2, Active: 1 },
            "two requests");
        await world.Plane.DrainAsync([vip], CancellationToken.None);
        (await idle.ReadAsync()).ShouldBeEmpty();
    }
}
