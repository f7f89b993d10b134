using System.Net;

namespace Fleet.Node.DataPlanes.Relay.Balancing;

/// <summary>
/// Smooth weighted round robin: each pick, every candidate gains its weight and the richest pays the sum of all, so that 5:1:1 gives a a b a c a a
/// and not five in a row. Tie: the first in the pool's order.
/// </summary>
internal sealed class RoundRobin : IBackendPolicy
{
    public PooledBackend Pick(IReadOnlyList<PooledBackend> candidates, IPAddress client)
    {
        var best = candidates[0];
        long sum = 0;
        foreach (var candidate in candidates)
        {
            candidate.Credit += candidate.Weight;
            sum += candidate.Weight;
            if (candidate.Credit > best.Credit)
                best = candidate;
        }

        best.Credit -= sum;
        return best;
    }
}
