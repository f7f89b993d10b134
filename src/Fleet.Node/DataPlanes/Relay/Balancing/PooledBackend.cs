using Fleet.Node.Core;

namespace Fleet.Node.DataPlanes.Relay.Balancing;

/// <summary>A backend and what the policies remember of it; guarded by its pool's lock.</summary>
internal sealed class PooledBackend(BackendServer backend)
{
    public BackendServer Backend => backend;

    /// <summary>Share of new connections relative to the other backends.</summary>
    public int Weight { get; set; }

    /// <summary>Connections open or being opened.</summary>
    public int Active { get; set; }

    /// <summary>Used by <see cref="RoundRobin"/>.</summary>
    public long Credit { get; set; }

    /// <summary>Used by <see cref="LeastConnections"/>.</summary>
    public long LastPick { get; set; }

    /// <summary>The plan no longer names this backend: connections to it end when they become idle.</summary>
    public bool Gone { get; set; }
}
