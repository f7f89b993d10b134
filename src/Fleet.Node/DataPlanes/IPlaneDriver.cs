using System.Collections.Immutable;
using Fleet.Node.Vips;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes;

/// <summary>
/// One kind of data plane with all that belongs to it: what carries the traffic, what holds the VIPs, and the processes of both. They outlive the
/// agent: disposing the driver leaves them running, for the next agent to adopt.
/// </summary>
internal interface IPlaneDriver : IDisposable
{
    IDataPlane Plane { get; }

    IVipHolder Vips { get; }

    /// <summary>The data plane's process; null where it has none, or none yet.</summary>
    int? Pid { get; }

    /// <summary>The process that would take its place; null while none is ready.</summary>
    int? SparePid { get; }

    /// <summary>VIPs that are held here and that somebody outside the fleet answers for too, with that one's Ethernet address in words.</summary>
    ImmutableSortedDictionary<VipAddress, string> Rivals => ImmutableSortedDictionary<VipAddress, string>.Empty;

    /// <summary>
    /// Finds what an earlier agent has left, or starts it, and returns the VIPs that are held. Tries until the data plane can be told what to do.
    /// </summary>
    Task<ImmutableSortedSet<VipAddress>> ConnectAsync(CancellationToken cancellation);

    /// <summary>
    /// Looks after its processes until it is cancelled. Throws when this agent has nothing to hold VIPs with any more and must end.
    /// </summary>
    Task RunAsync(CancellationToken cancellation);

    /// <summary>
    /// Tells when the data plane falls silent, with the time for which it has not answered, and with null when it answers again. Ends at once where
    /// a data plane that does not answer cannot hold VIPs either, so that its silence needs no telling.
    /// </summary>
    Task WatchAsync(Action<TimeSpan?> tell, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Ends its processes, and with them all that they hold, at once.</summary>
    Task EndAsync(CancellationToken cancellation);
}
