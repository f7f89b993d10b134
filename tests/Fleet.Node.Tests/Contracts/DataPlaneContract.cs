using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.Tests.Relay;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Contracts;

/// <summary>What every <see cref="IDataPlane"/> must do with HTTP over one VIP that this node holds.</summary>
public abstract class DataPlaneContract : IAsyncLifetime
{
    private readonly TestBackend _one = new("one");
    private readonly TestBackend _two = new("two");

    protected abstract IDataPlane Plane { get; }

    /// <summary>The VIP that is held once a plan with it has been applied and <see cref="HoldAsync"/> was called.</summary>
    protected abstract VipAddress Vip { get; }

    protected abstract int Port { get; }

    public abstract Task InitializeAsync();

    public virtual async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    protected abstract Task HoldAsync();

    [Fact]
    public async Task Requests_are_spread_over_the_backends_of_the_plan()
    {
        await ApplyAsync(_one, _two);
        var answers = new List<string?>();
        for (var i = 0; i < 6; i++)
            answers.Add(await HttpClientSocket.TryGetAsync(Vip, Port));
        answers.Count(a => a == "one").ShouldBe(3);
        answers.Count(a => a == "two").ShouldBe(3);
    }

    [Fact]
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

    [Fact]
    public async Task Backend_that_left_the_plan_gets_no_new_connection()
    {
        await ApplyAsync(_one, _two);
        await ApplyAsync(_two);
        for (var i = 0; i < 4; i++)
            (await HttpClientSocket.TryGetAsync(Vip, Port)).ShouldBe("two");
    }

    [Fact]
    public async Task Without_backends_nobody_is_served()
    {
        await ApplyAsync();
        (await HttpClientSocket.TryGetAsync(Vip, Port)).ShouldBeNull();
    }

    [Fact]
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
        counters.BytesIn.ShouldBe(3 * "GET / HTTP/1.1\r\nHost: test\r\n\r\n".Length);
        counters.BytesOut.ShouldBe(3 * "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none".Length);
    }

    [Fact]
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

    [Fact]
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

    protected abstract NodePlan PlanOf(IEnumerable<Backend> backends);

    private async Task ApplyAsync(params TestBackend[] backends)
    {
        await Plane.ApplyAsync(PlanOf(backends.Select(b => b.Backend)), CancellationToken.None);
        await HoldAsync();
    }

    private async Task<Fleet.Shared.Protocol.VipCounters> CountersAsync() => (await Plane.ReadCountersAsync(CancellationToken.None))[Vip];
}
