using System.Net;
using System.Net.Sockets;
using Fleet.Lab.Failures;
using Fleet.Lab.Labs;
using Fleet.Lab.Topology;
using Fleet.Testing.Contracts;

namespace Fleet.Lab.Tests.Live;

/// <summary>Packets of one lab: who reaches whom, how long it takes, and what failures do to it.</summary>
[NeedsLab]
[Collection(LiveLabs.Name)]
public sealed class LabNetworkTests : IAsyncLifetime
{
    /// <summary>How much longer than its delay a connection may take in the median on a machine that is busy with other tests.</summary>
    private static readonly TimeSpan SlackMax = TimeSpan.FromMilliseconds(50);

    private NetworkLab _lab = null!;

    /// <summary>adc-1, adc-3, client-1 and backend-1 in dc1, the rest in dc2; dc1 has a rack with a switch, in which adc-3 stands.</summary>
    public async Task InitializeAsync()
    {
        if (LabHostCheck.Missing is null)
            _lab = await LiveLab.UpAsync(
                Examples.TwoSites,
                LabWishes.BackendsOnly,
                new ExampleSize(1, 3, 2, 2),
                topology => topology with
                {
                    Sites = [topology.Sites[0] with { RackSwitches = ["rack-3"] }, topology.Sites[1]],
                    Hosts = [.. topology.Hosts.Select(host => host.Name == "adc-2" ? host with { CapMbit = 100 } : host)],
                });
    }

    public async Task DisposeAsync()
    {
        if (_lab is not null)
            await _lab.DisposeAsync();
    }

    [ContractFact]
    public async Task Everybody_reaches_everybody_by_either_family()
    {
        foreach (var host in new[] { "adc-1", "adc-2", "adc-3", "client-1", "client-2", "coordinator-1" })
        {
            foreach (var backend in new[] { "backend-1", "backend-2" })
            {
                foreach (var isV6 in new[] { false, true })
                {
                    // Its program has only just been started.
                    await LiveLab.UntilAsync(
                        async () => await LiveLab.ConnectAsync(_lab, host, LiveLab.At(_lab, backend, v6: isV6)) is not null,
                        $"{host} to reach {backend}, IPv6 is {isV6}");
                }
            }
        }
    }

    [ContractFact]
    public async Task Delay_is_what_was_said_each_way_and_only_where_it_was_said()
    {
        await FailAsync(FailureKind.Delay, "dc1", "dc2", new WireShape { DelayMs = 30, JitterMs = 5 });
        await TakesAsync("client-1", "backend-2", 60, 70);
        await TakesAsync("client-2", "backend-2", 0, 0);
        await FailAsync(FailureKind.Delay, "dc1", "dc2", new WireShape { DelayMs = 80 }, oneWay: true);
        await TakesAsync("client-1", "backend-2", 80 + 30, 80 + 35);
        await FailureRun.HealAsync(_lab, null, CancellationToken.None);
        await TakesAsync("client-1", "backend-2", 0, 0);
        (await _lab.AskWireAsync(CancellationToken.None)).ShouldSatisfyAllConditions(
            report => report.Rules.ShouldBe(0), report => report.Lost.ShouldBe(0), report => report.Overflowed.ShouldBe(0));
    }

    [ContractFact]
    public async Task Datagrams_are_lost_as_said_and_the_others_keep_their_order()
    {
        const int count = 4000;
        await FailAsync(FailureKind.Loss, "client-1", "backend-2", new WireShape { Loss = 0.25, DelayMs = 5, JitterMs = 20 }, oneWay: true);
        using var from = NamespaceSockets.Create(_lab.NamespaceOf("client-1"), AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var to = NamespaceSockets.Create(_lab.NamespaceOf("backend-2"), AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        to.ReceiveBufferSize = 8 * 1024 * 1024;
        to.Bind(LiveLab.At(_lab, "backend-2", port: 9));
        for (var i = 0; i < count; i++)
        {
            from.SendTo(BitConverter.GetBytes(i), LiveLab.At(_lab, "backend-2", port: 9));
            if (i % 100 == 0)
                await Task.Delay(1);
        }

        var arrived = await ReceiveAsync(to);
        arrived.ShouldBe(arrived.Order());
        ((double)arrived.Count / count).ShouldBe(0.75, 0.05);
    }

    [ContractFact]
    public async Task Cut_way_is_silent_and_others_are_not_cut()
    {
        await FailAsync(FailureKind.Cut, "dc2", null, WireShape.Clear);
        (await LiveLab.ConnectAsync(_lab, "client-1", LiveLab.At(_lab, "backend-2"))).ShouldBeNull();
        (await LiveLab.ConnectAsync(_lab, "client-1", LiveLab.At(_lab, "backend-1"))).ShouldNotBeNull();
        (await LiveLab.ConnectAsync(_lab, "coordinator-1", LiveLab.At(_lab, "backend-1"))).ShouldNotBeNull();
        await FailureRun.HealAsync(_lab, null, CancellationToken.None);
        (await LiveLab.ConnectAsync(_lab, "client-1", LiveLab.At(_lab, "backend-2"))).ShouldNotBeNull();
    }

    [ContractFact]
    public async Task Nothing_passes_the_router_while_its_relay_is_dead_and_all_does_when_it_is_started_again()
    {
        await LabPrograms.RunAsync(["kill", "-9", $"{_lab.Processes.Find("wire")!.Pid}"], "", "the relay", CancellationToken.None);
        (await LiveLab.ConnectAsync(_lab, "client-1", LiveLab.At(_lab, "backend-2"))).ShouldBeNull();
        (await LiveLab.ConnectAsync(_lab, "client-1", LiveLab.At(_lab, "backend-1"))).ShouldNotBeNull();
        await LiveLab.UntilAsync(() => Task.FromResult(_lab.Restart(["router"]) is ["wire"]), "the relay to be gone");
        await ComesBackAsync("client-1", "backend-2");
    }

    [ContractFact]
    public async Task Lines_that_are_down_carry_nothing()
    {
        await FailAsync(FailureKind.ServiceDown, "adc-1");
        (await LiveLab.ConnectAsync(_lab, "adc-1", LiveLab.At(_lab, "backend-1"))).ShouldBeNull();
        (await CoordinatorReachesAsync("adc-1")).ShouldBeTrue();
        await FailAsync(FailureKind.LinkUp, "adc-1");
        await ComesBackAsync("adc-1", "backend-1");
        await FailAsync(FailureKind.ControlDown, "adc-1");
        (await LiveLab.ConnectAsync(_lab, "adc-1", LiveLab.At(_lab, "backend-1"))).ShouldNotBeNull();
        (await CoordinatorReachesAsync("adc-1")).ShouldBeFalse();
        (await CoordinatorReachesAsync("adc-3")).ShouldBeTrue();
        await FailureRun.HealAsync(_lab, "adc-1", CancellationToken.None);
        await LiveLab.UntilAsync(() => CoordinatorReachesAsync("adc-1"), "adc-1's control line");
    }

    [ContractFact]
    public async Task Rack_whose_switch_is_down_is_cut_off_and_no_other()
    {
        await FailAsync(FailureKind.RackDown, "rack-3");
        (await LiveLab.ConnectAsync(_lab, "adc-3", LiveLab.At(_lab, "backend-1"))).ShouldBeNull();
        (await CoordinatorReachesAsync("adc-3")).ShouldBeFalse();
        (await LiveLab.ConnectAsync(_lab, "adc-1", LiveLab.At(_lab, "backend-1"))).ShouldNotBeNull();
        await FailAsync(FailureKind.RackUp, "rack-3");
        await ComesBackAsync("adc-3", "backend-1");
        await LiveLab.UntilAsync(() => CoordinatorReachesAsync("adc-3"), "adc-3's control line");
    }

    [ContractFact]
    public async Task Host_that_is_killed_or_stopped_does_not_answer_until_it_is_healed()
    {
        using var http = _lab.HttpFrom("client-1", TimeSpan.FromSeconds(2));
        var backend = new Uri($"http://{LiveLab.At(_lab, "backend-1")}/");
        await FailAsync(FailureKind.Stop, "backend-1");
        await Should.ThrowAsync<TaskCanceledException>(() => http.GetStringAsync(backend));
        await FailAsync(FailureKind.Cont, "backend-1");
        (await http.GetStringAsync(backend)).ShouldStartWith("backend-1 served");
        await FailAsync(FailureKind.PowerOff, "backend-1");
        (await LiveLab.ConnectAsync(_lab, "client-1", LiveLab.At(_lab, "backend-1"))).ShouldBeNull();
        (await FailureRun.HealAsync(_lab, "backend-1", CancellationToken.None)).ShouldContain("backend-1 started again");
        await ComesBackAsync("client-1", "backend-1");
    }

    [ContractFact]
    public async Task Capped_link_carries_no_more_than_its_cap()
    {
        using var http = _lab.HttpFrom("adc-2", TimeSpan.FromSeconds(30));
        var since = TimeProvider.System.GetTimestamp();
        (await http.GetByteArrayAsync(new Uri($"http://{LiveLab.At(_lab, "backend-2")}/bytes?n=5000000"))).Length.ShouldBe(5_000_000);
        var megabits = 40 / TimeProvider.System.GetElapsedTime(since).TotalSeconds;
        megabits.ShouldBeLessThan(100);
    }

    /// <summary>The kernel tells a bridge of a carrier within a second, and asks for neighbours again once a second.</summary>
    private Task ComesBackAsync(string from, string to) => LiveLab.UntilAsync(
        async () => await LiveLab.ConnectAsync(_lab, from, LiveLab.At(_lab, to)) is not null, $"{from} to reach {to} again");

    private static async Task<List<int>> ReceiveAsync(Socket socket)
    {
        var arrived = new List<int>();
        var buffer = new byte[4];
        try
        {
            while (true)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                await socket.ReceiveAsync(buffer, patience.Token);
                arrived.Add(BitConverter.ToInt32(buffer));
            }
        }
        catch (OperationCanceledException)
        {
            return arrived;
        }
    }

    /// <summary>Nobody listens on a node, whose kernel says so: that is an answer too.</summary>
    private async Task<bool> CoordinatorReachesAsync(string node)
    {
        using var socket = NamespaceSockets.Create(
            _lab.NamespaceOf("coordinator-1"), AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await socket.ConnectAsync(new IPEndPoint(_lab.Plan.Control(_lab.Topology.Find(node)!)[0].Address, 9), patience.Token);
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TakesAsync(string from, string to, int leastMs, int mostMs)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 9; i++)
            times.Add((await LiveLab.ConnectAsync(_lab, from, LiveLab.At(_lab, to))).ShouldNotBeNull());
        times.Min().TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(leastMs);
        times.Order().ElementAt(4).ShouldBeLessThan(TimeSpan.FromMilliseconds(mostMs) + SlackMax);
    }

    private Task<IReadOnlyList<string>> FailAsync(FailureKind kind, string place, string? to = null, WireShape? shape = null, bool oneWay = false) =>
        FailureRun.FailAsync(
            _lab, new Failure(kind, place) { To = to, Shape = shape ?? WireShape.Clear, OneWay = oneWay }, CancellationToken.None);
}
