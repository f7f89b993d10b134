using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// A node that was lost once comes back as soon as it is heard. One that keeps failing waits 2, 4, 8 … seconds, at most a minute, until ten minutes
/// have passed without a loss. It is also given nothing by plan until it has been steady for 15, 30, 60 … seconds, at most five minutes: VIPs that
/// follow a node that comes and goes would be moved twice each time. An operator who lets the node take VIPs (undrain) ends both: its losses are
/// forgiven.
/// </summary>
internal static class FlapDamping
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <param name="revision">Of the map that calls the node lost.</param>
    public static NodeObserved CountLoss(NodeObserved node, Instant now, long revision = 0) => node with
    {
        LostAt = revision,
        Losses = node.SaidGoodbye ? node.Losses : (now - node.LastLost > Memory ? 0 : node.Losses) + 1,
        LastLost = now,
        LeaseExpiryProof = null,
        Fence = null,
        SaidGoodbye = false,
    };

    public static NodeObserved Forgive(NodeObserved node) =>
        node with { Losses = 0, Failures = ImmutableSortedDictionary<ServiceName, HoldFailure>.Empty };

    /// <summary>
    /// The node is kept out, or given nothing by plan, because of its losses or of VIPs it could not hold; or it would be with the next one.
    /// </summary>
    public static bool IsHeldAgainst(NodeObserved node) => node.Losses > 1 || !node.Failures.IsEmpty;

    public static NodeObserved CountReturn(NodeObserved node, Instant now) => node with { BackSince = now };

    /// <summary>How long the node has to be there before it is given anything by plan.</summary>
    public static TimeSpan Steadiness(NodeObserved node) =>
        node.Losses <= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(300, 15 << Math.Min(5, node.Losses - 2)));

    public static bool IsOnProbation(NodeObserved node, Instant now) => now - node.BackSince < Steadiness(node);

    public static TimeSpan Delay(NodeObserved node) =>
        node.Losses <= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(6, node.Losses - 1)));

    /// <summary>
    /// Brings back the nodes that are down in the map, know it, are heard, and have waited long enough. A node that does not learn of its maps would
    /// be lost again at once.
    /// </summary>
    public static IEnumerable<FleetEvent> Readmit(FleetState state, Observed observed, Instant now) =>
        from entry in state.Map.Nodes.Values
        where entry.Presence == NodePresence.Down
        let node = observed.Node(entry.Name)
        where node.Connection is not null
            && node.Fence is null
            && !node.SaidGoodbye
            && !LivenessRule.IsOverdue(node, state.LongestLease, now)
            && node.Known.Revision >= node.LostAt
            && now - node.LastLost >= Delay(node)
        select new FleetEvent.NodeReturned(entry.Name);
}
