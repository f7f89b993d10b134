using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy;
using Fleet.Node.Tests.Relay;
using Fleet.Shared.Model;
using Fleet.Testing.Contracts;
using Xunit.Abstractions;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>HAProxy that is killed, hangs, or refuses what it is given.</summary>
[NeedsHaproxy]
public sealed class HaproxyFailureTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TestBackend _one = new("one");
    private readonly TestBackend _two = new("two");
    private readonly VipAddress _vip = RelayWorld.NewVip();
    private HaproxyWorld _world = new();

    private ServicePlanOf Web => backend => HaproxyWorld.Service("web", [new Listener(_world.Port, ListenerProtocol.Http)], [_vip], [backend]);

    private delegate Fleet.Node.Core.ServicePlan ServicePlanOf(TestBackend backend);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [ContractTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_it_is_back_at_once_with_all_that_it_carried(bool master)
    {
        _world = new HaproxyWorld { SilenceMax = TimeSpan.FromMinutes(5) }; // It is not missed for its silence.
        await _world.StartAsync();
        await _world.ApplyAsync(Web(_one));
        await _world.ApplyAsync(Web(_two));
        var carried = (await _world.Plane.ReadAsync(CancellationToken.None)).Carried;
        _world.LookAfter();
        var pid = _world.Pid;
        var killed = master ? (await _world.LookAsync()).Master : pid;
        var since = Stopwatch.StartNew();
        RelayWorld.Signal(killed, "KILL");
        while (_world.Pid == pid && await HttpClientSocket.TryGetAsync(_vip, _world.Port) is not null && since.Elapsed < Patience)
            await Task.Yield(); // What it had accepted may still be answered by a process that ends with its master.
        while (await HttpClientSocket.TryGetAsync(_vip, _world.Port) is null && since.Elapsed < Patience)
            await Task.Delay(1);
        output.WriteLine($"From kill -9 to the first answer of another: {since.Elapsed.TotalMilliseconds:0} ms.");
        await RelayWorld.EventuallyAsync(
            async () => await HttpClientSocket.TryGetAsync(_vip, _world.Port) == "two" && _world.Pid != pid && _world.Driver.Silence is null,
            "it is back");
        (await _world.Plane.ReadAsync(CancellationToken.None)).Carried.ShouldBe(carried);
        await _world.ApplyAsync(Web(_one));
        _world.Driver.Reloads.ShouldBe(1, "what it was started with is known");
    }

    [ContractFact]
    public async Task Stopped_it_is_noticed_and_keeps_its_connections_when_it_goes_on()
    {
        await _world.StartAsync();
        await _world.ApplyAsync(Web(_one));
        _world.AnswerMax = TimeSpan.FromSeconds(1);
        await _world.RestartAgentAsync();
        using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        await client.GetAsync();
        _world.LookAfter();
        RelayWorld.Signal(_world.Pid, "STOP");
        await RelayWorld.EventuallyAsync(() => Task.FromResult(_world.Driver.Silence is not null), "it does not answer");
        (await Should.ThrowAsync<IOException>(() => _world.Plane.ReadAsync(CancellationToken.None))).Message.ShouldContain("does not answer");
        (await Should.ThrowAsync<IOException>(() => _world.ApplyAsync(Web(_two)))).Message.ShouldContain("does not answer");
        RelayWorld.Signal(_world.Pid, "CONT");
        await RelayWorld.EventuallyAsync(() => Task.FromResult(_world.Driver.Silence is null), "it answers");
        (await client.GetAsync()).ShouldBe("one");
        await RelayWorld.EventuallyAsync(
            async () => await TryReadAsync() is { } reading && reading.Counters[_vip].Requests == 2, "both are counted");
    }

    [ContractFact]
    public async Task Stopped_for_long_it_is_killed_and_another_takes_its_place()
    {
        await _world.StartAsync();
        await _world.ApplyAsync(Web(_one));
        (_world.AnswerMax, _world.SilenceMax) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        await _world.RestartAgentAsync();
        _world.LookAfter();
        var pid = _world.Pid;
        RelayWorld.Signal(pid, "STOP");
        await RelayWorld.EventuallyAsync(() => Task.FromResult(_world.Pid != pid && _world.Driver.Silence is null), "another is there");
        RelayWorld.Lives(pid).ShouldBeFalse();
        await RelayWorld.EventuallyAsync(async () => await HttpClientSocket.TryGetAsync(_vip, _world.Port) == "one", "it serves");
    }

    [ContractFact]
    public async Task Configuration_that_it_refuses_leaves_the_last_good_one_which_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("hap-program-").FullName;
        var program = Path.Combine(folder, "haproxy");
        var flag = Path.Combine(folder, "refuse");
        await File.WriteAllTextAsync(
            program,
            $"#!/bin/sh\nif [ \"$1\" = -c ] && [ -e {flag} ]; then\n"
            + "echo '[ALERT]    (1) : config : parsing [x:7] : unknown keyword.' >&2; exit 1; fi\n"
            + $"exec {SystemProgram.Find("haproxy")} \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _world = new HaproxyWorld { Program = program };
        await _world.StartAsync();
        await _world.ApplyAsync(Web(_one));
        await File.WriteAllTextAsync(flag, "");
        var other = Web(_two) with { Listeners = [new Listener(HaproxyPorts.Take(), ListenerProtocol.Http)] };
        var refused = await Should.ThrowAsync<IOException>(() => _world.ApplyAsync(other));
        refused.Message.ShouldMatch(
            @"^HAProxy refuses the configuration \S+/v3/haproxy.cfg: config : parsing \[x:7\] : unknown keyword. \S+/v2/haproxy.cfg is kept.$");
        (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldBe("one");
        File.Delete(flag);
        await _world.ApplyAsync(other);
        (await HttpClientSocket.TryGetAsync(_vip, other.Listeners[0].Port)).ShouldBe("two");
        Directory.Delete(folder, recursive: true);
    }

    [ContractFact]
    public async Task Port_that_somebody_else_has_leaves_the_last_good_configuration_until_it_is_free()
    {
        await _world.StartAsync();
        await _world.ApplyAsync(Web(_one));
        var port = HaproxyPorts.Take();
        var other = Web(_two) with { Listeners = [new Listener(port, ListenerProtocol.Http), new Listener(_world.Port, ListenerProtocol.Http)] };
        using (var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true })
        {
            taken.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.1"), port));
            taken.Listen();
            var refused = await Should.ThrowAsync<IOException>(() => _world.ApplyAsync(other));
            refused.Message.ShouldContain($"0.0.0.0:{port}");
            refused.Message.ShouldEndWith($"{new HaproxyFiles(_world.Folder).Current}/haproxy.cfg is kept.");
            (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldBe("one");
        }

        await _world.ApplyAsync(other);
        (await HttpClientSocket.TryGetAsync(_vip, port)).ShouldBe("two");
        (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldBe("two");
    }

    [ContractFact]
    public async Task Program_that_is_not_there_is_said()
    {
        _world = new HaproxyWorld { Program = "/nowhere/haproxy" };
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await Should.ThrowAsync<OperationCanceledException>(() => _world.Driver.ConnectAsync(soon.Token));
    }

    /// <summary>Null where a busy machine is too slow for an impatient agent.</summary>
    private async Task<PlaneReading?> TryReadAsync()
    {
        try
        {
            return await _world.Plane.ReadAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
