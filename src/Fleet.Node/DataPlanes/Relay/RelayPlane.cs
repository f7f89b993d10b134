using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>The relay as a data plane. The <see cref="RelayClient"/> belongs to whoever made it, because the VIPs depend on the same relay.</summary>
internal sealed class RelayPlane(RelayClient relay) : IDataPlane
{
    /// <summary>All that services can ask for today.</summary>
    public static readonly DataPlaneCapabilities Can = new()
    {
        Name = "relay",
        Listeners = [ListenerProtocol.Tcp, ListenerProtocol.Http],
        Balance = [BalancePolicy.RoundRobin, BalancePolicy.LeastConnections, BalancePolicy.Source],
        SendsProxyProtocol = true,
        TranslatesPorts = true,
        Drains = true,
        CountsOpenConnections = true,
    };

    public DataPlaneCapabilities Capabilities => Can;

    public Task<PlanGeneration> ApplyServicesAsync(NodePlan plan, BackendStates backends, CancellationToken cancellation) =>
        OrderAsync(new RelayOrder { Id = 0, Plan = plan, Backends = backends }, cancellation);

    public Task<PlanGeneration> ApplyBackendsAsync(BackendStates backends, CancellationToken cancellation) =>
        OrderAsync(new RelayOrder { Id = 0, Backends = backends }, cancellation);

    public Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation) =>
        relay.OrderAsync(new RelayOrder { Id = 0, Draining = vips }, cancellation);

    public async Task<PlaneReading> ReadAsync(CancellationToken cancellation)
    {
        var report = await relay.OrderAsync(new RelayOrder { Id = 0, ReadCounters = true }, cancellation);
        return new PlaneReading(report.Carried, report.Counters ?? ImmutableSortedDictionary<VipAddress, VipCounters>.Empty);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<PlanGeneration> OrderAsync(RelayOrder order, CancellationToken cancellation) =>
        (await relay.OrderAsync(order, cancellation)).Carried;
}
