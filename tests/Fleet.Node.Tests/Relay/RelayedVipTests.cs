using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.DataPlanes.Relay.Balancing;
using Fleet.Node.DataPlanes.Relay.Serving;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Node.Tests.Relay;

/// <summary>
/// A VIP of a relay that slept over its lease and has not cleared up yet: between the moment at which it wakes and that one it takes nothing, sends nothing on, and listens to nobody. The clock
/// of its lease is the test's, and clearing up does nothing.
/// </summary>
public sealed class RelayedVipTests : IAsyncDisposable
{
    private readonly FakeTime time = new();
    private readonly MonotonicClock clock;
    private readonly TestHost host;
    private readonly ServingLease lease;
    private readonly RelayedVip vip;
    private readonly TcpListener server = new(IPAddress.Loopback, 0);
    private readonly PortPlan plan;

    public RelayedVipTests()
    {
        clock = new MonotonicClock(time);
        host = new TestHost(clock);
        lease = new ServingLease(host, () => { });
        vip = new RelayedVip(RelayWorld.NewVip(), lease, "adc-7", host, NullLogger.Instance);
        server.Start();
        var pool = new BackendPool();
        pool.Update(new ServicePlan(new ServiceName("web"), [], [], [new Backend("one", (IPEndPoint)server.LocalEndpoint)], BalancePolicy.RoundRobin, ProxyProtocol: false));
        plan = new PortPlan(pool, ListenerProtocol.Tcp, ProxyProtocol: false);
    }

    public ValueTask DisposeAsync()
    {
        vip.Close();
        lease.Dispose();
        server.Dispose();
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
        vip.Counters.Connections.ShouldBe(0);
    }

    [Fact]
    public void Port_is_not_listened_on()
    {
        vip.Configure(new Dictionary<int, PortPlan> { [RelayWorld.Port] = plan });
        vip.Failure.ShouldNotBeNull().ShouldContain("the lease is over");
    }

    [Fact]
    public void Order_that_comes_too_late_holds_nothing()
    {
        using var engine = new RelayEngine(host, "adc-7", NullLogger.Instance);
        var service = new ServicePlan(new ServiceName("web"), [new Listener(RelayWorld.Port, ListenerProtocol.Http)], [vip.Address], [], BalancePolicy.RoundRobin, ProxyProtocol: false);
        var order = new RelayOrder { Id = 1, Plan = new NodePlan { Services = [service] }, Hold = new RelayHold([vip.Address], (clock.Now - TimeSpan.FromMilliseconds(1)).Micros) };
        engine.Apply(order).Held.ShouldBe(ImmutableSortedSet<VipAddress>.Empty);
        engine.Apply(order with { Hold = new RelayHold([vip.Address], (clock.Now + TimeSpan.FromSeconds(1)).Micros) }).Held.ShouldBe([vip.Address]);
    }

    [Fact]
    public void Order_that_names_no_vips_renews_those_of_the_one_before_and_takes_them_again_when_it_comes_too_late()
    {
        using var engine = new RelayEngine(host, "adc-7", NullLogger.Instance);
        var service = new ServicePlan(new ServiceName("web"), [new Listener(RelayWorld.Port, ListenerProtocol.Http)], [vip.Address], [], BalancePolicy.RoundRobin, ProxyProtocol: false);
        engine.Apply(new RelayOrder { Id = 1, Plan = new NodePlan { Services = [service] }, Hold = new RelayHold([vip.Address], In(1)) });
        var renewed = engine.Apply(new RelayOrder { Id = 2, Hold = new RelayHold(null, In(2)) });
        renewed.Held.ShouldBeNull();
        renewed.LeaseEndMicros.ShouldBe(In(2));
        engine.Greeting().Held.ShouldBe([vip.Address]);
        Sleep();
        engine.Greeting().Held.ShouldBe(ImmutableSortedSet<VipAddress>.Empty);
        engine.Apply(new RelayOrder { Id = 3, Hold = new RelayHold(null, In(1)) });
        engine.Greeting().Held.ShouldBe([vip.Address]);

        long In(int seconds) => (clock.Now + TimeSpan.FromSeconds(seconds)).Micros;
    }

    /// <summary>Holds the VIP for a second, and listens.</summary>
    private void Hold()
    {
        lease.Set(clock.Now + TimeSpan.FromSeconds(1));
        vip.Configure(new Dictionary<int, PortPlan> { [RelayWorld.Port] = plan });
        vip.Failure.ShouldBeNull();
    }

    private void Sleep() => time.Advance(TimeSpan.FromSeconds(5));

    private async Task<(Socket Client, Socket Backend)> ConnectedAsync()
    {
        Hold();
        var client = await ConnectAsync();
        return (client, await server.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(vip.Address.Value, RelayWorld.Port)).WaitAsync(TimeSpan.FromSeconds(10));
        return client;
    }

    /// <summary>What comes next, on a new socket after it has connected; null when the connection ends instead.</summary>
    private async Task<string?> ReadAsync(Socket socket, bool isNew = false)
    {
        try
        {
            if (isNew)
                await socket.ConnectAsync(new IPEndPoint(vip.Address.Value, RelayWorld.Port)).WaitAsync(TimeSpan.FromSeconds(10));
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

        public IVipListener Listen(RelayedVip vip, int port, PortPlan plan) => new VipListener(vip, port, plan);

        public IAgentDoor Open(string path) => throw new NotSupportedException("No agent comes.");
    }
}
