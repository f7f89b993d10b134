using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>The relay as a data plane. The <see cref="RelayClient"/> belongs to whoever made it, because the VIPs hang on the same relay.</summary>
public sealed class RelayPlane(RelayClient relay) : IDataPlane
{
    public Task ApplyAsync(NodePlan plan, CancellationToken cancellation) => relay.OrderAsync(new RelayOrder { Id = 0, Plan = plan }, cancellation);

    public Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation) =>
        relay.OrderAsync(new RelayOrder { Id = 0, Draining = vips }, cancellation);

    public async Task<ImmutableSortedDictionary<VipAddress, VipCounters>> ReadCountersAsync(CancellationToken cancellation)
    {
        var report = await relay.OrderAsync(new RelayOrder { Id = 0, ReadCounters = true }, cancellation);
        return report.Counters ?? ImmutableSortedDictionary<VipAddress, VipCounters>.Empty;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
