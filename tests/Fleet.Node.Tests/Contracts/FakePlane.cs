using System.Collections.Immutable;
using System.Net;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes;
using Fleet.Node.DataPlanes.Relay;
using Fleet.Node.DataPlanes.Relay.Balancing;
using Fleet.Node.Vips;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Contracts;

/// <summary>A data plane and its VIPs in memory, which does as it is told, or fails, hangs or does something else.</summary>
internal sealed class FakePlane : IPlaneDriver, IDataPlane, IVipHolder
{
    private NodePlan _plan = NodePlan.Empty;
    private BackendStates _backends = BackendStates.None;
    private readonly BackendPool _pool = new();

    public IDataPlane Plane => this;

    public IVipHolder Vips => this;

    public int? Pid => null;

    public int? SparePid => null;

    public DataPlaneCapabilities Capabilities { get; init; } = RelayPlane.Can with { Name = "fake" };

    /// <summary>So many of the next orders fail.</summary>
    public int FailuresLeft { get; set; }

    /// <summary>What is told waits for this.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <summary>Done before it waits for anything.</summary>
    public Action Calculating { get; set; } = () => { };

    public List<string> Told { get; } = [];

    public List<ImmutableSortedSet<VipAddress>> Holds { get; } = [];

    public PlanGeneration Carried => _backends.Plan == _plan.Generation ? _backends.Generation : _plan.Generation;

    public async Task<PlanGeneration> ApplyServicesAsync(NodePlan plan, BackendStates backends, CancellationToken cancellation)
    {
        await HearAsync("services", cancellation);
        (_plan, _backends) = (plan, backends);
        return Carried;
    }

    public async Task<PlanGeneration> ApplyBackendsAsync(BackendStates backends, CancellationToken cancellation)
    {
        await HearAsync("backends", cancellation);
        if (backends.Plan == _plan.Generation)
            _backends = backends;
        return Carried;
    }

    public Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation) => HearAsync("drain", cancellation);

    public async Task<PlaneReading> ReadAsync(CancellationToken cancellation)
    {
        await HearAsync("read", cancellation);
        return new PlaneReading(Carried, ImmutableSortedDictionary<VipAddress, VipCounters>.Empty);
    }

    public Task<ImmutableSortedDictionary<VipAddress, string>> HoldAsync(
        ImmutableSortedSet<VipAddress> vips, Instant until, CancellationToken cancellation)
    {
        Holds.Add(vips);
        return Task.FromResult(ImmutableSortedDictionary<VipAddress, string>.Empty);
    }

    /// <summary>Which backend the next connection to a VIP goes to; null where nobody takes it.</summary>
    public string? Pick(VipAddress vip)
    {
        if (_plan.Services.FirstOrDefault(s => s.Vips.Contains(vip)) is not { } service)
            return null;
        _pool.Update(service, _backends);
        if (_pool.Enter(IPAddress.Loopback, []) is not { } backend)
            return null;
        _pool.Leave(backend);
        return backend.Backend.Name;
    }

    public Task<ImmutableSortedSet<VipAddress>> ConnectAsync(CancellationToken cancellation) => Task.FromResult<ImmutableSortedSet<VipAddress>>([]);

    public Task RunAsync(CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

    public Task EndAsync(CancellationToken cancellation) => Task.CompletedTask;

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task HearAsync(string what, CancellationToken cancellation)
    {
        Told.Add(what);
        Calculating();
        await Answering.WaitAsync(cancellation);
        if (FailuresLeft > 0)
        {
            FailuresLeft--;
            throw new IOException("The data plane is in a mood.");
        }
    }
}
