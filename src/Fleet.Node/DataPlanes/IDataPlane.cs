using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.DataPlanes;

/// <summary>What carries the traffic of a node. Every implementation passes the contract suite <c>DataPlaneContract</c>.</summary>
public interface IDataPlane : IAsyncDisposable
{
    /// <summary>
    /// Makes the data plane carry exactly this plan. Applying the same plan again changes nothing; connections of backends that stay are kept.
    /// </summary>
    Task ApplyAsync(NodePlan plan, CancellationToken cancellation);

    /// <summary>
    /// These VIPs, and no others, are being drained: idle connections are closed at once, busy ones when they become idle. New ones are still taken.
    /// </summary>
    Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation);

    /// <summary>Counters of every VIP held now.</summary>
    Task<ImmutableSortedDictionary<VipAddress, VipCounters>> ReadCountersAsync(CancellationToken cancellation);
}
