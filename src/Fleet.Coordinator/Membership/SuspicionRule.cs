using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// A suspect node that could not be proven lost within one heartbeat period is silent. Nobody here can tell whether it serves, so it keeps its VIPs
/// and DNS prefers others. It is no longer silent once it is heard and works by a map that calls it silent: a message long under way proves nothing
/// about now. A leader that has just begun, or was itself stopped, first gives nodes time to find it. When all nodes are silent, the leader is the
/// one that is cut off, and then nobody hears of it either.
/// </summary>
internal static class SuspicionRule
{
    /// <summary>What a node may need to find a leader: an attempt at the one before, and a pause.</summary>
    public static readonly TimeSpan FindingMax = TimeSpan.FromSeconds(3);

    public static IEnumerable<FleetEvent> FindSuspected(FleetState state, Observed observed, Instant now)
    {
        var heartbeat = state.Map.Policy.Lease.Heartbeat;
        var isFound = now - observed.Awake >= FindingMax;
        var silent = observed.Uneasy
            .Where(n =>
                isFound
                    && state.Map.Nodes.GetValueOrDefault(n) is { Presence: NodePresence.Up, Suspected: false }
                    && IsSuspected(observed.Node(n), heartbeat, now))
            .ToImmutableArray();
        var lease = state.LongestLease;
        var heard = state.Map.Nodes.Values
            .Where(n => n.Suspected && IsHeard(observed.Node(n.Name), lease, now))
            .Select(n => n.Name)
            .ToImmutableArray();
        if (silent.Length > 0)
            yield return new FleetEvent.NodesSuspected(silent);
        if (heard.Length > 0)
            yield return new FleetEvent.NodesCleared(heard);
    }

    private static bool IsHeard(NodeObserved node, LeaseTerms lease, Instant now) =>
        node.WasHeard && node.Applied != MapVersion.None && node.Applied.Revision >= node.SuspectedAt && !LivenessRule.IsOverdue(node, lease, now);

    /// <summary>Counted from the leader's first question: witnesses get a heartbeat period to prove it lost.</summary>
    private static bool IsSuspected(NodeObserved node, TimeSpan heartbeat, Instant now) =>
        node.LeaseExpiryProof is { } proof && now - proof.Since >= heartbeat;
}
