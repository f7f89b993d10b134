using System.Net;

namespace Fleet.Node.DataPlanes.Relay.Balancing;

/// <summary>Which backend a new connection goes to. Called under the pool's lock, with at least one candidate and every weight above 0.</summary>
internal interface IBackendPolicy
{
    PooledBackend Pick(IReadOnlyList<PooledBackend> candidates, IPAddress client);
}
