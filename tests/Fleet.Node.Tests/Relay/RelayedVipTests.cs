using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.DataPlanes.Relay.Balancing;
using Fleet.Node.DataPlanes.Relay.Serving;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Relay;

/// <summary>
/// A VIP of a relay that slept over its lease and has not cleared up yet: between the moment at which it wakes and that one it takes nothing, sends
/// nothing on, and listens to nobody. The clock of its lease is the test's, and clearing up does nothing.
/// </summary>
public sealed class RelayedVipTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly MonotonicClock _clock;
    private readonly TestHost _host;
    private readonly ServingLease _lease;
    private readonly RelayedVip _vip;
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly PortPlan _plan;

    public RelayedVipTests()
    {
        _clock = new MonotonicClock(_time);
        _host = new TestHost(_clock);
        _lease = new ServingLease(_host, () => { });
        _vip = new RelayedVip(RelayWorld.NewVip(), _lease, "adc-7", _host, NullLogger.Instance);
        _server.Start();
        var pool = new BackendPool();
        var service = new ServicePlan(
            new ServiceName("web"),
            [],
            [],
            [new BackendServer("one", (IPEndPoint)_server.LocalEndpoint)],
            BalancePolicy.RoundRobin,
            ProxyProtocol: false);
        pool.Update(service, BackendStates.None with { Weights = BackendStates.None.Weights.Add(BackendKey.Parse("web/one"), 100) });
        _plan = new PortPlan(pool, ListenerProtocol.Tcp, ProxyProtocol: false);
    }

    public ValueTask DisposeAsync()
    {
        _vip.Close();
        _lease.Dispose();
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_a_client_sends_reaches_no_backend()
    {
        var (client, backend) = await ConnectedAsync();
        await client.SendAsync("before"u8.ToArray());
        (await ReadAsync(backend)).ShouldBe("before");
        Sleep();
        await client.SendAsync("after"u8.ToArray());
        (await ReadAsync(backend)).ShouldBeNull();
    }

    [Fact]
    public async Task What_a_backend_answers_reaches_no_client()
    {
        var (client, backend) = await ConnectedAsync();
        await backend.SendAsync("before"u8.ToArray());
        (await ReadAsync(client)).ShouldBe("before");
        Sleep();
        await backend.SendAsync("after"u8.ToArray());
        (await ReadAsync(client)).ShouldBeNull();
    }

    [Fact]
    public async Task New_connection_is_not_let_in()
    {
        Hold();
        Sleep();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        (await ReadAsync(client, isNew: true)).ShouldBeNull();
        _vip.Counters.Connections.ShouldBe(0);
    }

    [Fact]
    public void Port_is_not_listened_on()
    {
        _vip.Configure(new Dictionary<int, PortPlan> { [RelayWorld.Port] = _plan });
        _vip.Failure.ShouldNotBeNull().ShouldContain("the lease is over");
    }

    [Fact]
    public void Order_that_comes_too_late_holds_nothing()
    {
        using var engine = new RelayEngine(_host, "adc-7", NullLogger.Instance);
        var service = new ServicePlan(
            new ServiceName("web"),
            [new Listener(RelayWorld.Port, ListenerProtocol.Http)],
            [_vip.Address],
            [],
            BalancePolicy.RoundRobin,
            ProxyProtocol: false);
        var order = new RelayOrder
        {
            Id = 1,
            Plan = new NodePlan { Services = [service] },
            Hold = new RelayHold([_vip.Address], (_clock.Now - TimeSpan.FromMilliseconds(1)).Micros),
        };
        engine.Apply(order).Held.ShouldBe(ImmutableSortedSet<VipAddress>.Empty);
        engine.Apply(order with { Hold = new RelayHold([_vip.Address], (_clock.Now + TimeSpan.FromSeconds(1)).Micros) }).Held
            .ShouldBe([_vip.Address]);
    }

    [Fact]
    public void Order_that_names_no_vips_renews_those_of_the_one_before_and_takes_them_again_when_it_comes_too_late()
    {
        using var engine = new RelayEngine(_host, "adc-7", NullLogger.Instance);
        var service = new ServicePlan(
            new ServiceName("web"),
            [new Listener(RelayWorld.Port, ListenerProtocol.Http)],
            [_vip.Address],
            [],
            BalancePolicy.RoundRobin,
            ProxyProtocol: false);
        engine.Apply(new RelayOrder { Id = 1, Plan = new NodePlan { Services = [service] }, Hold = new RelayHold([_vip.Address], In(1)) });
        var renewed = engine.Apply(new RelayOrder { Id = 2, Hold = new RelayHold(null, In(2)) });
        renewed.Held.ShouldBeNull();
        renewed.LeaseEndMicros.ShouldBe(In(2));
        engine.Greeting().Held.ShouldBe([_vip.Address]);
        Sleep();
        engine.Greeting().Held.ShouldBe(ImmutableSortedSet<VipAddress>.Empty);
        engine.Apply(new RelayOrder { Id = 3, Hold = new RelayHold(null, In(1)) });
        engine.Greeting().Held.ShouldBe([_vip.Address]);

        long In(int seconds) => (_clock.Now + TimeSpan.FromSeconds(seconds)).Micros;
    }

    /// <summary>Holds the VIP for a second, and listens.</summary>
    private void Hold()
    {
        _lease.Set(_clock.Now + TimeSpan.FromSeconds(1));
        _vip.Configure(new Dictionary<int, PortPlan> { [RelayWorld.Port] = _plan });
        _vip.Failure.ShouldBeNull();
    }

    private void Sleep() => _time.Advance(TimeSpan.FromSeconds(5));

    private async Task<(Socket Client, Socket Backend)> ConnectedAsync()
    {
        Hold();
        var client = await ConnectAsync();
        return (client, await _server.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(_vip.Address.Value, RelayWorld.Port)).WaitAsync(TimeSpan.FromSeconds(10));
        return client;
    }

    /// <summary>What comes next, on a new socket after it has connected; null when the connection ends instead.</summary>
    private async Task<string?> ReadAsync(Socket socket, bool isNew = false)
    {
        try
        {
            if (isNew)
                await socket.ConnectAsync(new IPEndPoint(_vip.Address.Value, RelayWorld.Port)).WaitAsync(TimeSpan.FromSeconds(10));
            var buffer = new byte[100];
            var length = await socket.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            return length == 0 ? null : Encoding.ASCII.GetString(buffer, 0, length);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>This host, but for its clock.</summary>
    private sealed class TestHost(MonotonicClock clock) : IServingHost
    {
        public MonotonicClock Clock => clock;

        public IAlarm Alarm(Action ring) => new ThreadAlarm(clock, ring);

        public IVipListener Listen(RelayedVip vip, int port, PortPlan plan) => new VipListener(vip, port, plan, TimeSpan.FromSeconds(1));

        public IAgentDoor Open(string path) => throw new NotSupportedException("No agent comes.");
    }
}
