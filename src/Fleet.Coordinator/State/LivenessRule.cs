using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// A node is lost only when it cannot be holding a lease: the leader has not heard it for lease + margin, and of every set of watchers it may be renewing by so many
/// deny it for as long that no vouching quorum is left. A node that is only silent is suspect: it keeps its VIPs.
/// </summary>
public static class LivenessRule
{
    public static bool IsSuspect(NodeObserved node, LeaseTerms lease, Instant now) => now - node.LastHeard >= lease.DurationAndMargin;

    /// <summary>The watchers asked must be all that count by now: a set that was named since makes the proof void.</summary>
    public static bool IsLost(NodeObserved node, ImmutableArray<WatcherSet> sets, LeaseTerms lease) =>
        node.Inquest is { } inquest
        && node.LastHeard + lease.DurationAndMargin <= inquest.AskedAt
        && sets.All(inquest.Sets.Contains)
        && inquest.Proves(lease.DurationAndMargin);

    /// <summary>The nodes of the map that are lost by now.</summary>
    public static IEnumerable<FleetEvent> Judge(FleetState state, Observed observed, Instant now)
    {
        var lease = state.LongestLease;
        foreach (var name in observed.Uneasy.Where(n => state.Map.Nodes.GetValueOrDefault(n) is { Presence: NodePresence.Up }))
        {
            var node = observed.Of(name);
            if (node.SaidGoodbye && node.Connection is null && HoldsNothing(state, name))
                yield return new FleetEvent.NodeLost(name, "it said goodbye and holds nothing");
            else if (IsSuspect(node, lease, now) && IsLost(node, state.WatcherSets.GetValueOrDefault(name, []), lease))
                yield return new FleetEvent.NodeLost(name, $"not heard for {(now - node.LastHeard).TotalMilliseconds:0} ms, and its watchers agree");
        }
    }

    private static bool HoldsNothing(FleetState state, NodeName node) =>
        state.Vips.OwnedBy(node).IsEmpty && !state.Remnants.Values.Any(r => r.Holder == node);
}
