using System.Net.Sockets;
using Fleet.Node.DataPlanes.Relay;

namespace Fleet.Node.Tests.Relay;

/// <summary>The second relay: it takes the first one's place by itself, holds nothing before, and goes when the agent does.</summary>
public sealed class RelaySpareTests : IAsyncLifetime
{
    private CancellationTokenSource _stop = new();
    private readonly RelayWorld _world = new() { HasSpare = true, OrphanMax = TimeSpan.FromSeconds(2) };
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task Spare_serves_what_a_killed_relay_held_before_anybody_gives_an_order()
    {
        await using var backend = new TestBackend("one");
        var vip = await _world.ServeAsync([backend.Backend]);
        for (var i = 0; i < 3; i++)
        {
            var (lost, spare) = (_world.Pid, await SpareAsync());
            RelayWorld.Signal(lost, "KILL");
            await RelayWorld.EventuallyAsync(async () => await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port) == "one", "the spare serves");
            _world.Pid.ShouldBe(spare);
            _world.Relay.Restarts.ShouldBe(i + 1);
            (await _world.Vips.HoldAsync([vip], RelayWorld.In(30_000), CancellationToken.None)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Relay_that_stands_still_is_dead_before_the_spare_takes_its_place()
    {
        await using var backend = new TestBackend("one");
        var vip = await _world.ServeAsync([backend.Backend]);
        var (lost, spare) = (_world.Pid, await SpareAsync());
        RelayWorld.Signal(lost, "STOP");
        (await _world.Vips.HoldAsync([vip], RelayWorld.In(30_000), CancellationToken.None)).ShouldBeEmpty();
        RelayWorld.Lives(lost).ShouldBeFalse();
        _world.Pid.ShouldBe(spare);
        (await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port)).ShouldBe("one");
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task Lost_spare_is_replaced_and_the_relay_does_not_notice(string signal)
    {
        await using var backend = new TestBackend("one");
        var vip = await _world.ServeAsync([backend.Backend]);
        var (relay, spare) = (_world.Pid, await SpareAsync());
        RelayWorld.Signal(spare, signal);
        await RelayWorld.EventuallyAsync(() => Task.FromResult(_world.Relay.SparePid is { } next && next != spare), "another spare");
        RelayWorld.Lives(spare).ShouldBeFalse();
        _world.Pid.ShouldBe(relay);
        _world.Relay.Restarts.ShouldBe(0);
        (await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port)).ShouldBe("one");
    }

    /// <summary>Without an order: whoever holds VIPs may have nothing to say for a while.</summary>
    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task Relay_is_started_anew_when_the_spare_does_not_answer_either(string signal)
    {
        await using var backend = new TestBackend("one");
        var vip = await _world.ServeAsync([backend.Backend]);
        var (lost, spare) = (_world.Pid, await SpareAsync());
        RelayWorld.Signal(spare, signal);
        RelayWorld.Signal(lost, "KILL");
        await RelayWorld.EventuallyAsync(async () => await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port) == "one", "a new relay serves");
        _world.Pid.ShouldNotBe(spare);
        await RelayWorld.EventuallyAsync(() => Task.FromResult(!RelayWorld.Lives(spare)), "the spare is gone");
    }

    /// <summary>A cleaner of old files took it: every attempt to put the spare in the relay's place failed, and no other relay was started.</summary>
    [Fact]
    public async Task Relay_is_started_anew_when_the_spare_can_no_longer_take_its_place()
    {
        await using var backend = new TestBackend("one");
        var vip = await _world.ServeAsync([backend.Backend]);
        var (lost, spare) = (_world.Pid, await SpareAsync());
        File.Delete(_world.SparePath);
        RelayWorld.Signal(lost, "KILL");
        await RelayWorld.EventuallyAsync(async () => await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port) == "one", "a new relay serves");
        _world.Pid.ShouldNotBe(spare);
        RelayWorld.Lives(spare).ShouldBeFalse();
    }

    [Fact]
    public async Task New_agent_adopts_relay_and_spare()
    {
        await using var backend = new TestBackend("one");
        var vip = await _world.ServeAsync([backend.Backend]);
        var (relay, spare) = (_world.Pid, await SpareAsync());
        await StopRunningAsync();
        (await _world.RestartAgentAsync()).Held.ShouldBe([vip]);
        _stop = new CancellationTokenSource();
        _running = _world.Relay.RunAsync(_stop.Token);
        (await SpareAsync()).ShouldBe(spare);
        _world.Pid.ShouldBe(relay);
    }

    /// <summary>The relay obeys the newer agent by then: the older one must not put a spare in its place.</summary>
    [Fact]
    public async Task Agent_whose_relay_has_a_newer_agent_is_told_at_once_and_starts_nothing()
    {
        await using var backend = new TestBackend("one");
        var vip = await _world.ServeAsync([backend.Backend]);
        var (relay, spare) = (_world.Pid, await SpareAsync());
        using var newer = _world.NewAgent();
        (await newer.ConnectAsync(CancellationToken.None)).Held.ShouldBe([vip]);
        await Should.ThrowAsync<RelayReplacedException>(() => _running.WaitAsync(TimeSpan.FromSeconds(5)));
        await Should.ThrowAsync<RelayReplacedException>(() => _world.Vips.HoldAsync([], RelayWorld.In(30_000), CancellationToken.None));
        await Should.ThrowAsync<RelayReplacedException>(() => _world.Vips.HoldAsync([], RelayWorld.In(30_000), CancellationToken.None));
        newer.Pid.ShouldBe(relay);
        RelayWorld.Lives(relay).ShouldBeTrue();
        RelayWorld.Lives(spare).ShouldBeTrue();
    }

    [Fact]
    public async Task Spare_without_an_agent_ends_after_a_while()
    {
        await _world.Relay.ConnectAsync(CancellationToken.None);
        var spare = await SpareAsync();
        await StopRunningAsync();
        await _world.LoseAgentAsync();
        await RelayWorld.EventuallyAsync(() => Task.FromResult(!RelayWorld.Lives(spare)), "the orphan ends");
    }

    [Fact]
    public async Task Relay_and_spare_log_to_one_file_and_neither_writes_over_the_other()
    {
        await using var backend = new TestBackend("one");
        await _world.ServeAsync([backend.Backend]);
        var (relay, spare) = (_world.Pid, await SpareAsync());
        await StopRunningAsync();
        await _world.LoseAgentAsync();
        await RelayWorld.EventuallyAsync(() => Task.FromResult(!RelayWorld.Lives(relay) && !RelayWorld.Lives(spare)), "the orphans end");
        var lines = await File.ReadAllLinesAsync(_world.LogFile);
        lines.ShouldAllBe(line => line.StartsWith("20") && line.IndexOf("Z ") == 23 && (line.Contains("Z warn: ") || line.Contains("Z info: ")));
        lines.Count(line => line.EndsWith("the relay ends.")).ShouldBe(2, string.Join('\n', lines));
    }

    [Fact]
    public async Task Ended_relay_leaves_no_spare()
    {
        await using var backend = new TestBackend("one");
        var vip = await _world.ServeAsync([backend.Backend]);
        var (relay, spare) = (_world.Pid, await SpareAsync());
        await _world.Relay.EndAsync(CancellationToken.None);
        RelayWorld.Lives(relay).ShouldBeFalse();
        RelayWorld.Lives(spare).ShouldBeFalse();
        _world.Relay.SparePid.ShouldBeNull();
        await Should.ThrowAsync<SocketException>(() => HttpClientSocket.ConnectAsync(vip, RelayWorld.Port));
    }

    public Task InitializeAsync()
    {
        _running = _world.Relay.RunAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (!_running.IsFaulted)
            await StopRunningAsync();
        await _world.DisposeAsync();
        _stop.Dispose();
    }

    private async Task StopRunningAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task<int> SpareAsync()
    {
        // One that is slow to answer may be given up at any moment.
        int? spare = null;
        await RelayWorld.EventuallyAsync(() => Task.FromResult((spare = _world.Relay.SparePid) is not null), "a spare");
        return spare!.Value;
    }
}
