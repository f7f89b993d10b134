using System.Net;
using System.Net.Sockets;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Shared.Model;

namespace Fleet.Node.Tests.Relay;

/// <summary>The relay as a process: adoption, replacement, and its end.</summary>
public sealed class RelayProcessTests
{
    private static readonly TimeSpan Briefly = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Restarted_agent_adopts_the_relay_and_its_connections()
    {
        await using var backend = new TestBackend("one");
        await using var world = new RelayWorld();
        var vip = await world.ServeAsync([backend.Backend]);
        using var client = await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port);
        await client.GetAsync();
        var pid = world.Pid;

        var found = await world.RestartAgentAsync();
        found.Held.ShouldBe([vip]);
        found.LeaseEndMicros.ShouldBeGreaterThan(RelayWorld.In(0).Micros);
        world.Pid.ShouldBe(pid);
        await world.ApplyAsync(RelayWorld.PlanOf([vip], [backend.Backend]), backend.Backend);
        (await client.GetAsync()).ShouldBe("one");
        await world.Vips.HoldAsync([vip], RelayWorld.In(30_000), CancellationToken.None);
        (await client.GetAsync()).ShouldBe("one");
        backend.Connections.ShouldBe(1);
        world.Relay.Restarts.ShouldBe(0);
    }

    [Fact]
    public async Task Newest_agent_wins_and_the_older_one_is_told()
    {
        await using var backend = new TestBackend("one");
        await using var world = new RelayWorld();
        var vip = await world.ServeAsync([backend.Backend]);
        using var newer = world.NewAgent();
        (await newer.ConnectAsync(CancellationToken.None)).Held.ShouldBe([vip]);
        await Should.ThrowAsync<RelayReplacedException>(() => world.Vips.HoldAsync([], RelayWorld.In(30_000), CancellationToken.None));
        (await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port)).ShouldBe("one");
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task Relay_that_is_dead_or_silent_is_replaced_and_told_everything_again(string signal)
    {
        await using var backend = new TestBackend("one");
        await using var world = new RelayWorld { AnswerMax = Briefly };
        var vip = await world.ServeAsync([backend.Backend]);
        var lost = world.Pid;
        RelayWorld.Signal(lost, signal);
        (await world.Vips.HoldAsync([vip], RelayWorld.In(30_000), CancellationToken.None)).ShouldBeEmpty();
        world.Pid.ShouldNotBe(lost);
        world.Relay.Restarts.ShouldBe(1);
        RelayWorld.Lives(lost).ShouldBeFalse();
        (await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port)).ShouldBe("one");
    }

    [Fact]
    public async Task New_agent_replaces_a_relay_that_stands_still()
    {
        await using var world = new RelayWorld { AnswerMax = Briefly };
        await world.ServeAsync([]);
        var lost = world.Pid;
        RelayWorld.Signal(lost, "STOP");
        (await world.RestartAgentAsync()).Held.ShouldBe([]);
        RelayWorld.Lives(lost).ShouldBeFalse();
    }

    [Fact]
    public async Task Renewal_that_waited_for_a_sleeping_relay_does_not_bring_back_what_the_old_lease_had()
    {
        await using var backend = new TestBackend("one");
        await using var world = new RelayWorld();
        var vip = await world.ServeAsync([backend.Backend]);
        using var client = await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port);
        await client.GetAsync();
        var end = RelayWorld.In(2000);
        await world.Vips.HoldAsync([vip], end, CancellationToken.None);
        RelayWorld.Signal(world.Pid, "STOP");
        await RelayWorld.PassedAsync(end);
        var renewed = world.Vips.HoldAsync([vip], RelayWorld.In(30_000), CancellationToken.None);
        RelayWorld.Signal(world.Pid, "CONT");
        (await renewed).ShouldBeEmpty();
        await client.ShouldBeResetAsync();
        (await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port)).ShouldBe("one");
    }

    [Fact]
    public async Task Relay_without_an_agent_ends_after_a_while()
    {
        await using var world = new RelayWorld { OrphanMax = TimeSpan.FromSeconds(1) };
        await world.Relay.ConnectAsync(CancellationToken.None);
        var pid = world.Pid;
        await Task.Delay(1300);
        RelayWorld.Lives(pid).ShouldBeTrue("an agent is there");
        await world.LoseAgentAsync();
        await RelayWorld.EventuallyAsync(() => Task.FromResult(!RelayWorld.Lives(pid)), "the orphan ends");
    }

    [Fact]
    public async Task Backend_that_does_not_accept_is_waited_for_as_long_as_the_settings_say()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!); // Linux keeps one beyond the backlog, and drops the SYN of every other.
        await using var world = new RelayWorld { ConnectTimeout = TimeSpan.FromSeconds(2) };
        var vip = await world.ServeAsync([new Backend("full", (IPEndPoint)full.LocalEndPoint!)]);
        using var client = await HttpClientSocket.ConnectAsync(vip, RelayWorld.Port);
        var asked = RelayWorld.Clock.Now;
        await client.ShouldBeResetAsync();
        (RelayWorld.Clock.Now - asked).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(1900));
    }

    [Fact]
    public async Task Relay_does_not_hear_the_terminal_and_ends_when_asked_to()
    {
        await using var backend = new TestBackend("one");
        await using var world = new RelayWorld();
        var vip = await world.ServeAsync([backend.Backend]);
        foreach (var signal in new[] { "INT", "HUP", "QUIT", "TSTP" })
            RelayWorld.Signal(world.Pid, signal);
        for (var i = 0; i < 20; i++)
            (await HttpClientSocket.TryGetAsync(vip, RelayWorld.Port)).ShouldBe("one");
        RelayWorld.Signal(world.Pid, "TERM");
        await RelayWorld.EventuallyAsync(() => Task.FromResult(!RelayWorld.Lives(world.Pid)), "the relay ends");
    }

    [Fact]
    public async Task Ended_relay_leaves_no_process_and_no_listener()
    {
        await using var backend = new TestBackend("one");
        await using var world = new RelayWorld();
        var vip = await world.ServeAsync([backend.Backend]);
        var pid = world.Pid;
        await world.Relay.EndAsync(CancellationToken.None);
        RelayWorld.Lives(pid).ShouldBeFalse();
        (await Should.ThrowAsync<SocketException>(() =>
            HttpClientSocket.ConnectAsync(vip, RelayWorld.Port))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    /// <summary>It was "Cannot assign requested address", .NET's words for a socket's path that is not there, and it ended the agent.</summary>
    [Fact]
    public async Task Relay_that_ends_before_its_first_order_is_started_again()
    {
        var folder = Directory.CreateTempSubdirectory("relay-program-");
        var program = Path.Combine(folder.FullName, "relay-that-fails-once");
        await File.WriteAllTextAsync(
            program, $"#!/bin/sh\n[ -e {folder}/tried ] && exec {RelayWorld.RealProgram} \"$@\"\ntouch {folder}/tried\nexit 3\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using (var world = new RelayWorld { Program = program })
        {
            (await world.Relay.ConnectAsync(CancellationToken.None)).Held.ShouldBe([]);
            RelayWorld.Lives(world.Pid).ShouldBeTrue();
        }

        folder.Delete(recursive: true);
    }

    /// <summary>While the program is being exchanged, say: it ended the agent, which had VIPs' answers to give.</summary>
    [Fact]
    public async Task Program_that_cannot_be_started_is_tried_again()
    {
        var folder = Directory.CreateTempSubdirectory("relay-program-");
        var program = Path.Combine(folder.FullName, "relay-that-comes-late");
        await using (var world = new RelayWorld { Program = program })
        {
            var connecting = world.Relay.ConnectAsync(CancellationToken.None);
            await Task.Delay(50);
            connecting.IsCompleted.ShouldBeFalse(connecting.Exception?.ToString());
            var ready = Path.Combine(folder.FullName, "ready");
            await File.WriteAllTextAsync(ready, $"#!/bin/sh\nexec {RelayWorld.RealProgram} \"$@\"\n");
            File.SetUnixFileMode(ready, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Move(ready, program);
            (await connecting.WaitAsync(TimeSpan.FromSeconds(30))).Held.ShouldBe([]);
        }

        folder.Delete(recursive: true);
    }

    /// <summary>Its report could not be written, and nobody else was heard: neither the next agent nor SIGTERM.</summary>
    [Fact]
    public async Task Agent_that_reads_nothing_holds_up_neither_the_next_one_nor_the_end()
    {
        await using var world = new RelayWorld();
        await world.Relay.ConnectAsync(CancellationToken.None);
        var pid = world.Pid;
        using var deaf = await DeafAgentAsync(world.SocketPath);
        using var next = world.NewAgent();
        (await next.ConnectAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5))).Held.ShouldBe([]);
        next.Pid.ShouldBe(pid);
        using var last = await DeafAgentAsync(world.SocketPath);
        RelayWorld.Signal(pid, "TERM");
        await RelayWorld.EventuallyAsync(() => Task.FromResult(!RelayWorld.Lives(pid)), "the relay ends");
    }

    [Fact]
    public async Task Relay_logs_to_its_own_file()
    {
        await using var world = new RelayWorld();
        var vip = await world.ServeAsync([]);
        await world.Vips.HoldAsync([vip], RelayWorld.In(1), CancellationToken.None);
        await RelayWorld.EventuallyAsync(
            () => Task.FromResult(File.ReadAllText(world.LogFile).Contains("The lease is over", StringComparison.Ordinal)), "the log");
    }

    /// <summary>Gives orders until the relay takes no more, because its reports fill the socket.</summary>
    private static async Task<Socket> DeafAgentAsync(string path)
    {
        var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await agent.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var orders = string.Concat(Enumerable.Repeat("{\"id\":1,\"read-counters\":true}\n", 1000));
        using var full = new CancellationTokenSource();
        try
        {
            while (true)
            {
                full.CancelAfter(TimeSpan.FromSeconds(1));
                await agent.SendAsync(System.Text.Encoding.UTF8.GetBytes(orders), full.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return agent;
        }
    }
}
