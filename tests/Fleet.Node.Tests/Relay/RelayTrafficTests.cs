using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

/// <summary>What happens to bytes and connections.</summary>
public sealed class RelayTrafficTests(RelayWorld world) : IClassFixture<RelayWorld>
{
    [Fact]
    public async Task Half_closed_connection_still_brings_the_answer()
    {
        await using var echo = new TestBackend("echo", echo: true);
        var vip = await world.ServeAsync([echo.Backend], protocol: ListenerProtocol.Tcp);
        using var client = await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port);
        await client.SendAsync("all of it");
        client.EndSending();
        (await client.ReadAsync()).ShouldBe("all of it");
        (await client.ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Megabytes_arrive_unchanged_in_both_directions_through_a_slow_reader()
    {
        await using var echo = new TestBackend("echo", echo: true);
        var vip = await world.ServeAsync([echo.Backend], protocol: ListenerProtocol.Tcp);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(vip.Value, RelayWorld.Port));
        await using var stream = new NetworkStream(socket);
        var sent = new byte[32 * 1024 * 1024];
        new Random(7).NextBytes(sent);
        var sending = SendAsync();
        await Task.Delay(200); // The buffers on the way fill up.
        var received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        await sending;
        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
        (await stream.ReadAsync(received)).ShouldBe(0);
        var counters = (await world.Plane.ReadAsync(CancellationToken.None)).Counters[vip];
        counters.BytesIn.ShouldBe(sent.Length);
        counters.BytesOut.ShouldBe(sent.Length);
        counters.Requests.ShouldBe(0);

        async Task SendAsync()
        {
            for (var at = 0; at < sent.Length;)
                at += await socket.SendAsync(sent.AsMemory(at));
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    [Fact]
    public async Task Connections_are_reset_at_the_end_of_the_lease_and_new_ones_refused()
    {
        await using var backend = new TestBackend("one");
        var vip = await world.ServeAsync([backend.Backend]);
        using var client = await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port);
        await client.GetAsync();
        await world.Vips.HoldAsync([vip], RelayWorld.In(100), CancellationToken.None);
        await client.ShouldBeResetAsync();
        (await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port)).ShouldBeNull();
        await RelayWorld.EventuallyAsync(() => RefusedAsync(vip), "the listener follows its connections");
        backend.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Not_one_request_of_an_open_connection_is_served_by_a_relay_that_slept_over_its_lease()
    {
        await using var backend = new TestBackend("one");
        var vip = await world.ServeAsync([backend.Backend]);
        var clients = new List<HttpClientSocket>();
        for (var i = 0; i < 20; i++)
        {
            clients.Add(await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port));
            await clients[i].GetAsync();
        }

        var end = RelayWorld.In(2000);
        await world.Vips.HoldAsync([vip], end, CancellationToken.None);
        RelayWorld.Signal(world.Pid, "STOP");
        foreach (var client in clients)
            await client.SendAsync("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        await RelayWorld.PassedAsync(end);
        RelayWorld.Signal(world.Pid, "CONT");
        foreach (var client in clients)
            await client.ShouldBeResetAsync();
        backend.Requests.ShouldBe(20, "the ones before");
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Vip_that_is_let_go_of_resets_its_connections_and_no_others()
    {
        await using var backend = new TestBackend("one");
        VipAddress[] vips = [RelayWorld.NewVip(), RelayWorld.NewVip()];
        await world.ApplyAsync(RelayWorld.PlanOf(vips, [backend.Backend]), backend.Backend);
        await world.Vips.HoldAsync([.. vips], RelayWorld.In(30_000), CancellationToken.None);
        using var goes = await HttpClientSocket.ConnectAsync(vips[0], RelayWorld.Port);
        using var stays = await HttpClientSocket.ConnectAsync(vips[1], RelayWorld.Port);
        await goes.GetAsync();
        await stays.GetAsync();
        await world.Vips.HoldAsync([vips[1]], RelayWorld.In(30_000), CancellationToken.None);
        await goes.ShouldBeResetAsync();
        (await stays.GetAsync()).ShouldBe("one");
    }

    [Fact]
    public async Task Dead_backend_is_passed_over()
    {
        await using var alive = new TestBackend("alive");
        var dead = new TestBackend("dead");
        await dead.DisposeAsync();
        var vip = await world.ServeAsync([dead.Backend, alive.Backend]);
        for (var i = 0; i < 4; i++)
            (await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port)).ShouldBe("alive");
    }

    [Fact]
    public async Task Idle_connection_of_a_backend_that_left_the_plan_is_ended()
    {
        await using var one = new TestBackend("one");
        await using var two = new TestBackend("two");
        var vip = await world.ServeAsync([one.Backend]);
        using var client = await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port);
        await client.GetAsync();
        await world.ApplyAsync(RelayWorld.PlanOf([vip], [two.Backend]), two.Backend);
        (await client.ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Source_policy_keeps_a_client_with_its_backend()
    {
        await using var one = new TestBackend("one");
        await using var two = new TestBackend("two");
        var vip = await world.ServeAsync([one.Backend, two.Backend], BalancePolicy.Source);
        for (var client = 1; client <= 8; client++)
        {
            var answers = new HashSet<string>();
            for (var i = 0; i < 3; i++)
            {
                using var socket = await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port, IPAddress.Parse($"127.91.0.{100 + client}"));
                answers.Add(await socket.GetAsync());
            }

            answers.Count.ShouldBe(1);
        }

        Math.Min(one.Connections, two.Connections).ShouldBeGreaterThan(0, "eight clients do not all hash to one");
    }

    [Fact]
    public async Task Proxy_header_tells_the_backend_client_vip_and_node()
    {
        await using var backend = new TestBackend("one", proxied: true);
        var vip = await world.ServeAsync([backend.Backend], proxied: true);
        using var client = await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port, IPAddress.Parse("127.91.0.77"));
        (await client.GetAsync()).ShouldBe($"one 127.91.0.77 {vip}:{RelayWorld.Port} adc-7");
        (await client.GetAsync()).ShouldBe($"one 127.91.0.77 {vip}:{RelayWorld.Port} adc-7");
    }

    [Fact]
    public async Task Ipv6_vip_is_served_like_any_other()
    {
        await using var backend = new TestBackend("one", proxied: false);
        var vip = VipAddress.Parse("::1");
        var plan = RelayWorld.PlanOf([vip], [backend.Backend]);
        var port = 41_000 + (Environment.ProcessId % 1000);
        await world.ApplyAsync(
            plan with { Services = [plan.Services[0] with { Listeners = [new Listener(port, ListenerProtocol.Http)] }] }, backend.Backend);
        (await world.Vips.HoldAsync([vip], RelayWorld.In(30_000), CancellationToken.None)).ShouldBeEmpty();
        (await HttpClientSocket.TryGetAsync(vip, port)).ShouldBe("one");
    }

    [Fact]
    public async Task Vip_without_a_service_is_reported_as_not_held()
    {
        var vip = RelayWorld.NewVip();
        var failed = await world.Vips.HoldAsync([vip], RelayWorld.In(30_000), CancellationToken.None);
        failed[vip].ShouldContain("no service");
    }

    private static async Task<bool> RefusedAsync(VipAddress vip)
    {
        try
        {
            (await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port)).Dispose();
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
