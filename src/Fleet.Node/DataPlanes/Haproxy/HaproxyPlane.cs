using System.Collections.Immutable;
using Fleet.Node.Core;
using Fleet.Node.DataPlanes.Haproxy.Answers;
using Fleet.Node.DataPlanes.Haproxy.Rendering;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// HAProxy as a data plane. The <see cref="HaproxyLoader"/> belongs to whoever made it, because its process outlives the agent.
/// </summary>
internal sealed class HaproxyPlane(HaproxyLoader loader, HaproxyProbe probe, HaproxyCounters counters, IdleEnds idle) : IDataPlane
{
    /// <summary>All that services can ask for today.</summary>
    public static readonly DataPlaneCapabilities Can = new()
    {
        Name = "haproxy",
        Listeners = [ListenerProtocol.Tcp, ListenerProtocol.Http],
        Balance = [BalancePolicy.RoundRobin, BalancePolicy.LeastConnections, BalancePolicy.Source],
        SendsProxyProtocol = true,
        TranslatesPorts = true,
        Drains = true,
        CountsOpenConnections = true,
    };

    public DataPlaneCapabilities Capabilities => Can;

    public Task<PlanGeneration> ApplyServicesAsync(NodePlan plan, BackendStates backends, CancellationToken cancellation) =>
        loader.ApplyAsync(plan, backends, cancellation);

    public Task<PlanGeneration> ApplyBackendsAsync(BackendStates backends, CancellationToken cancellation) =>
        loader.ApplyAsync(backends, cancellation);

    /// <summary>
    /// From now on each response to these VIPs ends its connection. What is idle is ended now, and what becomes idle later, with each reading.
    /// </summary>
    public async Task DrainAsync(ImmutableSortedSet<VipAddress> vips, CancellationToken cancellation)
    {
        await loader.DrainAsync(vips, cancellation);
        await idle.EndAsync(vips, loader.Layout, again: true, cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>Counters are of every VIP that has had a connection, and of no other.</remarks>
    /// <exception cref="IOException">It does not answer.</exception>
    public async Task<PlaneReading> ReadAsync(CancellationToken cancellation)
    {
        probe.ThrowIfSilent();
        var (word, vips) = await counters.ReadAsync(cancellation);
        if (!loader.Draining.IsEmpty)
            await idle.EndAsync(loader.Draining, loader.Layout, again: false, cancellation);
        return new PlaneReading(CarriedWord.Generation(word), vips);
    }

    /// <summary>What each backend has carried, by service and name, in the process that takes new connections.</summary>
    public Task<ImmutableSortedDictionary<BackendKey, ServerCounters>> ReadBackendsAsync(CancellationToken cancellation) =>
        counters.ReadBackendsAsync(loader.Layout, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
