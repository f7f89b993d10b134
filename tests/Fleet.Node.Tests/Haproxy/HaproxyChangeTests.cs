using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Node.Tests.Relay;
using Fleet.Shared.Model;
using Fleet.Testing.Contracts;

namespace Fleet.Node.Tests.Haproxy;

/// <summary>Changes while clients are served: nothing fails, and a reload is for a new port.</summary>
[NeedsHaproxy]
public sealed class HaproxyChangeTests : IAsyncLifetime
{
    private const int Changes = 60;
    private readonly HaproxyWorld _world = new();
    private readonly TestBackend[] _backends = [new("one"), new("two"), new("three")];
    private readonly VipAddress _vip = RelayWorld.NewVip();

    private Listener Http => new(_world.Port, ListenerProtocol.Http);

    public Task InitializeAsync() => _world.StartAsync();

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [ContractFact]
    public async Task Vips_backends_weights_states_and_services_change_without_a_reload_and_no_request_fails()
    {
        var web = HaproxyWorld.Service("web", [Http], [_vip], _backends);
        await _world.ApplyAsync(web);
        var reloads = _world.Driver.Reloads;
        using var stop = new CancellationTokenSource();
        Task<int>[] clients = [KeepingAsync(stop.Token), KeepingAsync(stop.Token), ComingAsync(stop.Token), ComingAsync(stop.Token)];
        var plan = HaproxyWorld.PlanOf(web);
        for (var i = 0; i < Changes; i++)
        {
            if (i % 3 == 0)
            {
                (await _world.Plane.ApplyBackendsAsync(HaproxyWorld.StatesOf(plan, 1 + i), CancellationToken.None)).ShouldNotBe(PlanGeneration.None);
                continue;
            }

            var vips = Enumerable.Range(0, i % 4).Select(_ => RelayWorld.NewVip()).Prepend(_vip);
            var changed = HaproxyWorld.Service("web", [Http], vips, _backends.Where((_, b) => b != i % 4));
            var more = HaproxyWorld.Service("more", [Http], [RelayWorld.NewVip()], _backends);
            plan = i % 2 == 0 ? HaproxyWorld.PlanOf(changed, more) : HaproxyWorld.PlanOf(changed);
            var states = HaproxyWorld.StatesOf(plan);
            (await _world.Plane.ApplyServicesAsync(plan, states, CancellationToken.None)).ShouldBe(states.Generation);
            await Task.Delay(10);
        }

        _world.Driver.Reloads.ShouldBe(reloads);
        await _world.ApplyAsync(web, HaproxyWorld.Service("other", [new Listener(HaproxyPorts.Take(), ListenerProtocol.Http)], [_vip], _backends));
        _world.Driver.Reloads.ShouldBe(reloads + 1);
        await Task.Delay(50);
        await stop.CancelAsync();
        (await Task.WhenAll(clients)).ShouldAllBe(served => served > Changes / 10);
    }

    [ContractFact]
    public async Task What_was_changed_while_it_ran_is_what_it_would_be_started_with()
    {
        var web = HaproxyWorld.Service("web", [Http], [_vip], _backends[..1]);
        await _world.ApplyAsync(web);
        var added = RelayWorld.NewVip();
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip, added], _backends[1..2]));
        _world.Driver.Reloads.ShouldBe(1);
        var carried = (await _world.Plane.ReadAsync(CancellationToken.None)).Carried;
        await _world.Driver.EndAsync(CancellationToken.None);
        (await HttpClientSocket.TryGetAsync(added, _world.Port)).ShouldBeNull();
        await _world.RestartAgentAsync();
        (await HttpClientSocket.TryGetAsync(added, _world.Port)).ShouldBe("two");
        (await _world.Plane.ReadAsync(CancellationToken.None)).Carried.ShouldBe(carried);
    }

    [ContractFact]
    public async Task Next_agent_adopts_it_with_all_that_it_has_and_goes_on_without_a_reload()
    {
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], _backends[..1]));
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], _backends[..2]));
        var pid = _world.Pid;
        using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        await client.GetAsync();
        await _world.RestartAgentAsync();
        _world.Pid.ShouldBe(pid);
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip, RelayWorld.NewVip()], _backends));
        await client.GetAsync();
        _world.Driver.Reloads.ShouldBe(0);
        _world.Pid.ShouldBe(pid);
    }

    [ContractFact]
    public async Task Agent_that_was_lost_in_the_middle_of_a_change_leaves_what_the_next_loads_anew()
    {
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], _backends[..1]));
        using (var link = await RuntimeLink.OpenAsync(_world.Options().Rendering.SocketPath, CancellationToken.None))
            await link.TellAsync(
                [$"del map http-{_world.Port}.map {_vip}", $"set map {HaproxyConfig.CarriedMap} {HaproxyConfig.CarriedKey} 77-half"],
                CancellationToken.None);
        (await _world.Plane.ReadAsync(CancellationToken.None)).Carried.ShouldBe(new PlanGeneration(77));
        await _world.RestartAgentAsync();
        await _world.ApplyAsync(HaproxyWorld.Service("web", [Http], [_vip], _backends[..1]));
        _world.Driver.Reloads.ShouldBe(1);
        (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldBe("one");
    }

    [ContractFact]
    public async Task What_somebody_else_has_changed_is_loaded_anew()
    {
        var web = HaproxyWorld.Service("web", [Http], [_vip], _backends[..1]);
        await _world.ApplyAsync(web);
        using (var link = await RuntimeLink.OpenAsync(_world.Options().Rendering.SocketPath, CancellationToken.None))
            await link.TellAsync(
                [$"del map http-{_world.Port}.map {_vip}", $"set map {HaproxyConfig.CarriedMap} {HaproxyConfig.CarriedKey} 78-other"],
                CancellationToken.None);
        await _world.ApplyAsync(web);
        _world.Driver.Reloads.ShouldBe(2);
        (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldBe("one");
    }

    [ContractFact]
    public async Task Command_that_it_refuses_is_made_good_by_a_reload()
    {
        var web = HaproxyWorld.Service("web", [Http], [_vip], _backends[..1]);
        await _world.ApplyAsync(web);
        using (var link = await RuntimeLink.OpenAsync(_world.Options().Rendering.SocketPath, CancellationToken.None))
            await link.TellAsync(["add server http-1/s2 127.0.0.1:1 weight 1"], CancellationToken.None);
        await _world.ApplyAsync(web with { Backends = [new("two", _backends[1].Address)] });
        _world.Driver.Reloads.ShouldBe(2, "the server of that name was there");
        (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldBe("two");
    }

    [ContractFact]
    public async Task Process_of_before_a_reload_ends_with_its_last_client_although_it_was_looked_after()
    {
        _world.LookAfter();
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(100);
            await _world.ApplyAsync(HaproxyWorld.Service("web", [Http, new(HaproxyPorts.Take(), ListenerProtocol.Http)], [_vip], _backends));
        }

        _world.Driver.Reloads.ShouldBe(3);
        await RelayWorld.EventuallyAsync(async () => (await _world.LookAsync()).OldWorkers.IsEmpty, "only one process is left");
        (await HttpClientSocket.TryGetAsync(_vip, _world.Port)).ShouldNotBeNull();
    }

    /// <summary>One connection for all requests, and a new one where the server has ended it between two.</summary>
    private async Task<int> KeepingAsync(CancellationToken stop)
    {
        var served = 0;
        var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        while (!stop.IsCancellationRequested)
        {
            var (_, ends) = await client.GetAndEndAsync();
            served++;
            if (!ends)
                continue;
            client.Dispose();
            client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
        }

        client.Dispose();
        return served;
    }

    private async Task<int> ComingAsync(CancellationToken stop)
    {
        var served = 0;
        while (!stop.IsCancellationRequested)
        {
            using var client = await HttpClientSocket.ConnectAsync(_vip, _world.Port);
            await client.GetAsync();
            served++;
        }

        return served;
    }
}
