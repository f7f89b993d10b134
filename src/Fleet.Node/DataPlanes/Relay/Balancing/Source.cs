using System.Net;
using System.Text;

namespace Fleet.Node.DataPlanes.Relay.Balancing;

/// <summary>
/// One client address stays with one backend: weighted rendezvous hash of the client's IP (the highest <c>-weight / ln(hash)</c> wins), so that a
/// backend that goes affects only its own clients, and every node makes the same choice. Tie: the first in the pool's order.
/// </summary>
internal sealed class Source : IBackendPolicy
{
    public PooledBackend Pick(IReadOnlyList<PooledBackend> candidates, IPAddress client)
    {
        var best = candidates[0];
        var highest = double.NegativeInfinity;
        foreach (var candidate in candidates)
        {
            var score = -candidate.Weight / Math.Log(Hash(client, candidate.Backend.Name));
            if (score <= highest)
                continue;
            highest = score;
            best = candidate;
        }

        return best;
    }

    /// <summary>Above 0 and below 1, the same on every host and in every version: FNV-1a, finished by SplitMix64's mixer.</summary>
    private static double Hash(IPAddress client, string backend)
    {
        Span<byte> address = stackalloc byte[16];
        client.TryWriteBytes(address, out var length);
        var hash = 14695981039346656037UL;
        foreach (var octet in address[..length])
            hash = (hash ^ octet) * 1099511628211UL;
        foreach (var octet in Encoding.UTF8.GetBytes(backend))
            hash = (hash ^ octet) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        hash ^= hash >> 31;
        return ((hash >> 11) + 0.5) / (1UL << 53);
    }
}
