using System.Diagnostics;
using System.Net;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Relay.Balancing;

/// <summary>
/// The backends of one service. A backend that stays through a change of plan keeps its connections and its place in the policy's order.
/// </summary>
internal sealed class BackendPool
{
    private readonly Lock _lock = new();
    private List<PooledBackend> _backends = [];
    private IBackendPolicy _policy = new RoundRobin();
    private BalancePolicy _balance = BalancePolicy.RoundRobin;

    /// <summary>A backend without a weight counts as absent.</summary>
    public void Update(ServicePlan service, BackendStates states)
    {
        lock (_lock)
        {
            var before = _backends.ToDictionary(b => b.Backend);
            _backends = [];
            foreach (var backend in service.Backends)
            {
                if (!states.Weights.TryGetValue(new BackendKey(service.Name, backend.Name), out var weight))
                    continue;
                var pooled = before.Remove(backend, out var known) ? known : new PooledBackend(backend);
                pooled.Weight = weight;
                _backends.Add(pooled);
            }

            foreach (var gone in before.Values)
                gone.Gone = true;
            if (service.Balance == _balance)
                return;
            _balance = service.Balance;
            _policy = PolicyOf(service.Balance);
        }
    }

    /// <summary>
    /// Picks a backend that is not among <paramref name="tried"/> and counts the connection in; null if there is none. Give it back with
    /// <see cref="Leave"/>.
    /// </summary>
    public PooledBackend? Enter(IPAddress client, List<PooledBackend> tried)
    {
        lock (_lock)
        {
            var candidates = _backends.FindAll(b => b.Weight > 0 && !tried.Contains(b));
            if (candidates.Count == 0)
                return null;
            var picked = _policy.Pick(candidates, client);
            picked.Active++;
            return picked;
        }
    }

    public void Leave(PooledBackend backend)
    {
        lock (_lock)
            backend.Active--;
    }

    private static IBackendPolicy PolicyOf(BalancePolicy balance) => balance switch
    {
        BalancePolicy.RoundRobin => new RoundRobin(),
        BalancePolicy.LeastConnections => new LeastConnections(),
        BalancePolicy.Source => new Source(),
        _ => throw new UnreachableException($"No policy is registered for {balance}."),
    };
}
