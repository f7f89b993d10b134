using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes;

/// <summary>
/// What carries the traffic of a node. What changes rarely is told apart from what changes often, so that health and feedback cost no reload. Every
/// implementation passes the contract suite <c>DataPlaneContract</c>.
/// </summary>
/// <remarks>
/// There is one apply at a time; reading and draining may come beside it. An apply that throws, or is called off, may have done nothing, something or
/// all: the same comes again, or something newer. None may take longer than it takes to be called off.
/// </remarks>
internal interface IDataPlane : IAsyncDisposable
{
    /// <summary>What it can do; the same for as long as it lives. It is never told to carry more.</summary>
    DataPlaneCapabilities Capabilities { get; }

    /// <summary>
    /// Makes it carry exactly this plan, with these states of its backends. The same again changes nothing; connections of backends that stay are
    /// kept. How much of it has to be loaded anew is its own affair: it is told all, also where only a part has changed.
    /// </summary>
    /// <returns>What is carried now: the generation of these states.</returns>
    Task<PlanGeneration> ApplyServicesAsync(NodePlan plan, BackendStates backends, CancellationToken cancellation);

    /// <summary>
    /// Sends new connections where these states say, and changes nothing else. States that were made for another plan than the one that is carried
    /// are not taken.
    /// </summary>
    /// <returns>What is carried now: the generation of these states if they were taken, and of what it carried before if not.</returns>
    Task<PlanGeneration> ApplyBackendsAsync(BackendStates backends, CancellationToken cancellation);

    /// <summary>
    /// These VIPs, and no others, are being drained: idle connections are closed at once, busy ones when they become idle. New ones are still taken.
    /// </summary>
    Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation);

    /// <summary>What it carries at this moment, and the counters of every VIP held now.</summary>
    Task<PlaneReading> ReadAsync(CancellationToken cancellation);
}
