using System.Collections.Concurrent;
using System.Net.Sockets;
using Fleet.Node.Core;
using Fleet.Node.Tests.Relay;
using Fleet.Shared.Model;
using Fleet.Testing.Contracts;
using Xunit.Abstractions;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>
/// Ten changes a second of everything that can change, under clients that keep their connections and clients that come anew: nothing fails, and
/// only a new port is a reload. <c>FLEET_CHURN_SECONDS=60</c> goes on for longer.
/// </summary>
[NeedsHaproxy]
public sealed class HaproxyChurnTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int ChangesPerSecond = 10;
    private const int NewPortEvery = 12;
    private static readonly int Seconds = int.Parse(Environment.GetEnvironmentVariable("FLEET_CHURN_SECONDS") ?? "3");
    private readonly HaproxyWorld _world = new();
    private readonly TestBackend[] _backends = [.. Enumerable.Range(1, 6).Select(number => new TestBackend($"b{number}"))];
    private readonly VipAddress[] _vips = [RelayWorld.NewVip(), RelayWorld.NewVip()];
    private readonly ConcurrentQueue<string> _failed = new();
    private readonly List<Listener> _listeners = [];
    private readonly Random _chance = new(11);
    private NodePlan _plan = HaproxyWorld.PlanOf();
    private long _served;

    public async Task InitializeAsync()
    {
        await _world.StartAsync();
        _listeners.Add(new Listener(_world.Port, ListenerProtocol.Http));
        await ApplyAsync(Web(_backends, []));
        _world.LookAfter();
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [ContractFact]
    public async Task Ten_changes_a_second_fail_no_request_and_reload_for_new_ports_alone()
    {
        var reloads = _world.Driver.Reloads;
        using var stop = new CancellationTokenSource();
        Task[] clients =
        [
            .. Enumerable.Range(0, 4).Select(number => KeepingAsync(_vips[number % 2], stop.Token)),
            .. Enumerable.Range(0, 4).Select(number => ComingAsync(_vips[number % 2], stop.Token)),
        ];
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / ChangesPerSecond));
        try
        {
            for (var i = 0; i < Seconds * ChangesPerSecond && _failed.IsEmpty; i++)
            {
                await pace.WaitForNextTickAsync();
                await ChangeAsync(i);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }

        var ports = _listeners.Count - 1;
        output.WriteLine($"{_served:N0} requests, {_failed.Count} failed, {ports} new ports, {_world.Driver.Reloads - reloads} reloads.");
        _failed.ShouldBeEmpty();
        (_world.Driver.Reloads - reloads).ShouldBe(ports);
        ports.ShouldBeGreaterThan(1);
        _served.ShouldBeGreaterThan(Seconds * ChangesPerSecond);
    }

    /// <summary>Backends that come and go, weights, states, VIPs, services and drains in turn, and now and then a port that there was not.</summary>
    private async Task ChangeAsync(int number)
    {
        if (number % NewPortEvery == NewPortEvery - 1)
            _listeners.Add(new Listener(HaproxyPorts.Take(), ListenerProtocol.Http));
        else if (number % 4 == 1)
            await _world.Plane.DrainAsync(number % 8 == 1 ? [_vips[0]] : [], CancellationToken.None);
        else if (number % 3 == 0)
        {
            await StatesAsync();
            return;
        }

        var some = _backends.Where(_ => _chance.Next(3) > 0).DefaultIfEmpty(_backends[number % _backends.Length]);
        var web = Web(some, Enumerable.Range(0, _chance.Next(20)).Select(_ => RelayWorld.NewVip()));
        var other = HaproxyWorld.Service("other", _listeners[..1], [RelayWorld.NewVip()], _backends);
        await ApplyAsync(number % 2 == 0 ? [web, other] : [web]);
    }

    private async Task ApplyAsync(params IEnumerable<ServicePlan> services)
    {
        _plan = HaproxyWorld.PlanOf(services);
        var states = HaproxyWorld.StatesOf(_plan, 1 + _chance.Next(256));
        (await _world.Plane.ApplyServicesAsync(_plan, states, CancellationToken.None)).ShouldBe(states.Generation);
    }

    /// <summary>Other weights, and one backend fewer that takes connections where there are several.</summary>
    private async Task StatesAsync()
    {
        var states = HaproxyWorld.StatesOf(_plan, 1 + _chance.Next(256));
        var web = states.Weights.Keys.Where(key => key.Service.Value == "web").ToArray();
        if (web.Length > 1)
            states = states with { Weights = states.Weights.Remove(web[_chance.Next(web.Length)]) };
        (await _world.Plane.ApplyBackendsAsync(states, CancellationToken.None)).ShouldBe(states.Generation);
    }

    private ServicePlan Web(IEnumerable<TestBackend> backends, IEnumerable<VipAddress> more) =>
        HaproxyWorld.Service("web", _listeners, _vips.Concat(more), backends);

    /// <summary>One connection for all requests, and a new one where the server has said that it ends, or has ended it between two.</summary>
    private async Task KeepingAsync(VipAddress vip, CancellationToken stop)
    {
        HttpClientSocket? client = null;
        while (!stop.IsCancellationRequested)
            try
            {
                client ??= await HttpClientSocket.ConnectAsync(vip, _world.Port);
                var (_, ends) = await client.GetAndEndAsync();
                Interlocked.Increment(ref _served);
                if (!ends)
                    continue;
                client.Dispose();
                client = null;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                _failed.Enqueue($"kept: {e.Message}");
                client?.Dispose();
                client = null;
            }

        client?.Dispose();
    }

    private async Task ComingAsync(VipAddress vip, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            try
            {
                using var client = await HttpClientSocket.ConnectAsync(vip, _world.Port);
                await client.GetAsync();
                Interlocked.Increment(ref _served);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                _failed.Enqueue($"new: {e.Message}");
            }
    }
}
