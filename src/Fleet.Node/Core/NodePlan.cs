using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// What a data plane is to carry: every service of the fleet, whether this node owns VIPs of it or not, so that a takeover needs no new
/// configuration.
/// </summary>
public sealed record NodePlan
{
    public static readonly NodePlan Empty = new();

    public ImmutableArray<ServicePlan> Services { get; init; } = [];
}

/// <summary>One service as a data plane sees it.</summary>
/// <param name="Vips">Every VIP of the service, wherever it is.</param>
/// <param name="Backends">
/// The backends that may take connections, in the pool's order: the ones that are up, or what the all-down policy says.
/// </param>
public sealed record ServicePlan(
    ServiceName Name,
    ImmutableArray<Listener> Listeners,
    ImmutableArray<VipAddress> Vips,
    ImmutableArray<Backend> Backends,
    BalancePolicy Balance,
    bool ProxyProtocol);
