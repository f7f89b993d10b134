using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// The part of what a data plane is to carry that changes rarely: every service of the fleet, whether or not this node owns VIPs of it, so that a
/// takeover needs no new configuration. The part that changes often is <see cref="BackendStates"/>.
/// </summary>
internal sealed record NodePlan
{
    public static readonly NodePlan Empty = new();

    public PlanGeneration Generation { get; init; }

    public ImmutableArray<ServicePlan> Services { get; init; } = [];
}

/// <summary>One service as a data plane sees it.</summary>
/// <param name="Vips">Every VIP of the service, wherever it is.</param>
/// <param name="Backends">All backends of the pool, in its order. <see cref="BackendStates"/> says which of them take connections.</param>
internal sealed record ServicePlan(
    ServiceName Name,
    ImmutableArray<Listener> Listeners,
    ImmutableArray<VipAddress> Vips,
    ImmutableArray<BackendServer> Backends,
    BalancePolicy Balance,
    bool ProxyProtocol)
{
    /// <summary>A data plane would treat both the same.</summary>
    public bool IsSameAs(ServicePlan other) =>
        Name == other.Name && Balance == other.Balance && ProxyProtocol == other.ProxyProtocol
        && Listeners.SequenceEqual(other.Listeners) && Vips.SequenceEqual(other.Vips) && Backends.SequenceEqual(other.Backends);
}

/// <summary>Where a backend is.</summary>
internal sealed record BackendServer(string Name, [property: JsonConverter(typeof(EndpointJson))] IPEndPoint Address);
