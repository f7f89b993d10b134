using System.Net;

namespace Fleet.Node.DataPlanes.Relay.Balancing;

/// <summary>
/// The backend with the fewest open connections relative to its weight, counting the new one. Tie: the one that was picked longest ago.
/// </summary>
internal sealed class LeastConnections : IBackendPolicy
{
    private long _picks;

    public PooledBackend Pick(IReadOnlyList<PooledBackend> candidates, IPAddress client)
    {
        var best = candidates[0];
        foreach (var candidate in candidates)
        {
            // (active + 1) / weight, compared without dividing.
            var order = ((candidate.Active + 1L) * best.Weight).CompareTo((best.Active + 1L) * candidate.Weight);
            if (order < 0 || (order == 0 && candidate.LastPick < best.LastPick))
                best = candidate;
        }

        best.LastPick = ++_picks;
        return best;
    }
}
