using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// A node is lost only when it cannot be holding a lease: the leader has acknowledged nothing for lease + margin, and so many of every set of
/// witnesses that it may be renewing by deny it for as long that no vouching quorum is left. A node that is only silent is suspect: it keeps its
/// VIPs. When several fail together, as a rack does, the first that is proven lost waits a little for the others. Then they are lost in one entry,
/// and no VIP goes to a standby that is just as dead.
/// </summary>
internal static class LivenessRule
{
    /// <summary>A node that misses so many heartbeats may be failing too.</summary>
    private const double MissedMax = 2.5;

    public static bool IsOverdue(NodeObserved node, LeaseTerms lease, Instant now) => now - node.LastHeard >= lease.DurationAndMargin;

    public static bool IsLost(NodeObserved node, ImmutableArray<WitnessSet> sets, LeaseTerms lease) =>
        node.LeaseExpiryProof is { } proof && proof.Proves(sets, node.Granted, lease.DurationAndMargin);

    /// <summary>The nodes of the map that are lost by now.</summary>
    public static IEnumerable<FleetEvent> FindLost(FleetState state, Observed observed, Instant now)
    {
        var lease = state.LongestLease;
        var proven = new List<NodeName>();
        foreach (var name in observed.Uneasy.Where(n => state.Map.Nodes.GetValueOrDefault(n) is { Presence: NodePresence.Up }))
        {
            var node = observed.Node(name);
            if (node.SaidGoodbye && node.Connection is null && HoldsNothing(state, name))
                yield return new FleetEvent.NodeLost(name, "it said goodbye and holds nothing");
            else if ((node.Fence is not null || IsOverdue(node, lease, now)) && IsLost(node, state.WitnessSets.GetValueOrDefault(name, []), lease))
                proven.Add(name);
        }

        if (proven.Count == 0 || IsJoined(state, observed, proven, now))
            yield break;
        foreach (var name in proven)
            yield return new FleetEvent.NodeLost(name, Cause(observed.Node(name), now));
    }

    /// <summary>Another node seems to be failing, and a heartbeat period has not passed since the first was proven lost.</summary>
    private static bool IsJoined(FleetState state, Observed observed, List<NodeName> proven, Instant now)
    {
        var heartbeat = state.Map.Policy.Lease.Heartbeat;
        var first = proven.Min(n => observed.Node(n).LeaseExpiryProof!.ProvenAt ?? now);
        return now - first < heartbeat && state.Map.Nodes.Values.Any(n =>
            n.Presence == NodePresence.Up && !proven.Contains(n.Name) && IsFailing(observed.Node(n.Name), heartbeat, now));
    }

    /// <summary>The node was heard as it should be, and no longer is. One that has been silent for long is another matter.</summary>
    private static bool IsFailing(NodeObserved node, TimeSpan heartbeat, Instant now) =>
        node.WasHeard && now - node.LastHeard is var silent && silent >= heartbeat * MissedMax && silent < SuspicionRule.FindingMax;

    private static string Cause(NodeObserved node, Instant now) => node.Fence is { } fence && node.LastHeard > fence.Granted
        ? $"it is heard and does not get to know map revision {fence.Revision}, and its witnesses have let its lease run out"
        : $"not heard for {(now - node.LastHeard).TotalMilliseconds:0} ms, and its witnesses agree";

    private static bool HoldsNothing(FleetState state, NodeName node) =>
        state.Vips.OwnedBy(node).IsEmpty && !state.UnreleasedVips.Values.Any(r => r.Holder == node);
}
