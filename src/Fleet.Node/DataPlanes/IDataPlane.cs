using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes;

/// <summary>
/// What carries the traffic of a node. It is told what changes rarely separately from what changes often, so that health and feedback cost no reload.
/// Every implementation passes the contract suite <c>DataPlaneContract</c>.
/// </summary>
/// <remarks>
/// There is one apply at a time; reading and draining may run beside it. An apply that throws or is cancelled may have done nothing, something or
/// everything: the same apply follows, or a newer one. No apply may go on after it is cancelled.
/// </remarks>
internal interface IDataPlane : IAsyncDisposable
{
    /// <summary>What it can do; the same for as long as it lives. It is never told to carry more.</summary>
    DataPlaneCapabilities Capabilities { get; }

    /// <summary>
    /// Makes the data plane carry exactly this plan, with these states of its backends. Applying the same again changes nothing; connections of
    /// backends that stay are kept. The data plane is told everything, even if only a part has changed, and decides itself how much to reload.
    /// </summary>
    /// <returns>What is carried now: the generation of these states.</returns>
    Task<PlanGeneration> ApplyServicesAsync(NodePlan plan, BackendStates backends, CancellationToken cancellation);

    /// <summary>
    /// Sends new connections where these states say, and changes nothing else. States that were made for a plan other than the carried one are not
    /// taken.
    /// </summary>
    /// <returns>What is carried now: the generation of these states if they were taken, otherwise the generation from before.</returns>
    Task<PlanGeneration> ApplyBackendsAsync(BackendStates backends, CancellationToken cancellation);

    /// <summary>
    /// These VIPs, and no others, are being drained: idle connections are closed at once, busy ones when they become idle. New ones are still taken.
    /// </summary>
    Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation);

    /// <summary>What it carries at this moment, and the counters of every VIP held now.</summary>
    Task<PlaneReading> ReadAsync(CancellationToken cancellation);
}
