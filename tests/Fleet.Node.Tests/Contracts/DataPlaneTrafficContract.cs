using Fleet.Node.DataPlanes;
using Fleet.Node.Tests.Relay;
using Fleet.Shared.Model;
using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Contracts;

/// <summary>
/// What every <see cref="IDataPlane"/> that carries real traffic must do with HTTP over one VIP that this node holds, beside what
/// <see cref="DataPlaneContract"/> asks for.
/// </summary>
public abstract class DataPlaneTrafficContract : DataPlaneContract
{
    private readonly TestBackend _one = new("one");
    private readonly TestBackend _two = new("two");

    protected abstract int Port { get; }

    /// <summary>
    /// It chooses a backend for each request, so a client whose backend goes is served by another on the connection that it has. Otherwise it chooses
    /// one for each connection, and the connection ends with it.
    /// </summary>
    protected virtual bool BalancesRequests => false;

    /// <summary>How many bytes its counters may be beside the truth for each message with a single field.</summary>
    protected virtual int BytesBesideAtMost => 0;

    protected override Backend One => _one.Backend;

    protected override Backend Two => _two.Backend;

    public override async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    protected override Task<string?> AskAsync() => HttpClientSocket.TryGetAsync(Vip, Port);

    [ContractFact]
    public async Task Connections_of_backends_that_stay_survive_a_new_plan()
    {
        await ApplyAsync(_one);
        using var client = await HttpClientSocket.ConnectAsync(Vip, Port);
        (await client.GetAsync()).ShouldBe("one");
        await ApplyAsync(_one);
        (await client.GetAsync()).ShouldBe("one");
        await ApplyAsync(_two, _one);
        (await client.GetAsync()).ShouldBe("one");
        _one.Connections.ShouldBe(1);
    }

    [ContractFact]
    public async Task Connections_of_backends_that_stay_survive_new_states_and_idle_ones_of_those_that_go_end_or_go_on_with_another()
    {
        var plan = PlanOf(One, Two);
        await Plane.ApplyServicesAsync(plan, StatesOf(plan, One), CancellationToken.None);
        await HoldAsync();
        using var client = await HttpClientSocket.ConnectAsync(Vip, Port);
        (await client.GetAsync()).ShouldBe("one");
        await Plane.ApplyBackendsAsync(StatesOf(plan, One, Two), CancellationToken.None);
        (await client.GetAsync()).ShouldBe("one");
        await Plane.ApplyBackendsAsync(StatesOf(plan, Two), CancellationToken.None);
        if (BalancesRequests)
            (await client.GetAsync()).ShouldBe("two");
        else
            (await client.ReadAsync()).ShouldBeEmpty("the end, and no reset");
    }

    [ContractFact]
    public async Task Counters_count_what_passed_and_what_is_open()
    {
        await ApplyAsync(_one);
        using (var client = await HttpClientSocket.ConnectAsync(Vip, Port))
        {
            await client.GetAsync();
            await client.GetAsync();
            await RelayWorld.EventuallyAsync(
                async () => (await CountersAsync()) is { Requests: 2, Connections: 1, Active: 1 }, "two requests on one connection");
        }

        await HttpClientSocket.TryGetAsync(Vip, Port);
        await RelayWorld.EventuallyAsync(async () => (await CountersAsync()) is { Requests: 3, Connections: 2, Active: 0 }, "all closed");
        var counters = await CountersAsync();
        Math.Abs(counters.BytesIn - (3 * "GET / HTTP/1.1\r\nHost: test\r\n\r\n".Length)).ShouldBeLessThanOrEqualTo(3 * BytesBesideAtMost);
        Math.Abs(counters.BytesOut - (3 * "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none".Length)).ShouldBeLessThanOrEqualTo(3 * BytesBesideAtMost);
    }

    [ContractFact]
    public async Task Draining_ends_idle_connections_at_once_and_busy_ones_after_their_response()
    {
        await ApplyAsync(_one);
        using var idle = await HttpClientSocket.ConnectAsync(Vip, Port);
        using var busy = await HttpClientSocket.ConnectAsync(Vip, Port);
        await idle.GetAsync();
        await busy.SendAsync("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
        await RelayWorld.EventuallyAsync(() => Task.FromResult(_one.Requests == 2), "the busy request is on its way");
        await Plane.DrainAsync([Vip], CancellationToken.None);
        (await idle.ReadAsync()).ShouldBeEmpty("the end, and no reset");
        _one.Release();
        (await busy.ReadResponseAsync()).ShouldBe("one");
        (await busy.ReadAsync()).ShouldBeEmpty();
        idle.Dispose();
        busy.Dispose();
        await RelayWorld.EventuallyAsync(async () => (await CountersAsync()).Active == 0, "nothing is open");
    }

    [ContractFact]
    public async Task New_connections_are_served_while_draining_and_kept_after_it()
    {
        await ApplyAsync(_one);
        await Plane.DrainAsync([Vip], CancellationToken.None);
        using var during = await HttpClientSocket.ConnectAsync(Vip, Port);
        await Task.Delay(50);
        (await during.GetAsync()).ShouldBe("one");
        (await during.ReadAsync()).ShouldBeEmpty("served for one request");
        await Plane.DrainAsync([], CancellationToken.None);
        using var after = await HttpClientSocket.ConnectAsync(Vip, Port);
        await after.GetAsync();
        (await after.GetAsync()).ShouldBe("one");
    }

    private Task ApplyAsync(params TestBackend[] backends) => ServeAsync([.. backends.Select(b => b.Backend)]);

    private async Task<Fleet.Shared.Protocol.VipCounters> CountersAsync() => (await Plane.ReadAsync(CancellationToken.None)).Counters[Vip];
}
