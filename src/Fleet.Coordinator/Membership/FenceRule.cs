using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// Which nodes are to be fenced. A node that is heard but does not learn of the map that gives it VIPs is deaf: those VIPs stay dark while it is. A
/// node that is not heard may or may not have taken or let go of a VIP: that VIP stays dark while the node's witnesses vouch for it. In both cases
/// the node's lease must end before anybody else may serve the VIPs. A node that has not found a new leader yet, or that was stopped, gets time to.
/// </summary>
internal static class FenceRule
{
    /// <summary>A node is deaf after so many heartbeats without the map, beyond what an answer takes.</summary>
    private const double HeartbeatsMax = 2.5;

    /// <summary>How long a whole map may take to be sent, read and taken up.</summary>
    private static readonly TimeSpan FullMapMax = TimeSpan.FromSeconds(2);

    /// <summary>The nodes to be fenced, and the map that each has to know.</summary>
    public static IEnumerable<(NodeName Node, long Revision)> Due(FleetState state, Observed observed, Instant now) =>
        Owners(state, observed, now)
            .Concat(Holders(state, observed, now))
            .GroupBy(due => due.Node, (node, all) => (node, all.Max(due => due.Revision)));

    private static IEnumerable<(NodeName Node, long Revision)> Owners(FleetState state, Observed observed, Instant now) =>
        from vip in state.Vips.Unsettled.Values
        where vip.Owner is not null && vip.Phase is VipPhase.Arriving or VipPhase.Releasing
        let name = vip.Owner!.Value
        where state.Map.Nodes.GetValueOrDefault(name) is { Presence: NodePresence.Up }
            && IsDue(state, observed, vip, observed.Node(name), now)
            && CanBeProven(state, name)
        select (name, vip.Since);

    /// <summary>VIPs that were taken out of the map and put back wait for the nodes that held them before.</summary>
    private static IEnumerable<(NodeName Node, long Revision)> Holders(FleetState state, Observed observed, Instant now) =>
        from unreleased in state.UnreleasedVips
        where state.Map.Vips.ContainsKey(unreleased.Key) && CanBeProven(state, unreleased.Value.Holder)
        let node = observed.Node(unreleased.Value.Holder)
        where LivenessRule.IsOverdue(node, state.LongestLease, now) && HasHadTime(observed, node, now)
        select (unreleased.Value.Holder, unreleased.Value.Since);

    /// <summary>Nobody can tell what the node does with the VIP: it does not learn of the map, or nobody hears whether it has let go.</summary>
    private static bool IsDue(FleetState state, Observed observed, VipEntry vip, NodeObserved node, Instant now)
    {
        var knows = node.Known.Revision >= vip.Since;
        if (LivenessRule.IsOverdue(node, state.LongestLease, now))
            return (vip.Phase == VipPhase.Releasing || !knows) && HasHadTime(observed, node, now);
        var patience = (state.Map.Policy.Lease.Heartbeat * HeartbeatsMax) + (node.LinkRoundTrip * 2);
        return vip.Phase == VipPhase.Arriving && !knows
            && node.FedAt is { } fed && node.LastHeard - fed >= FullMapMax && node.LastHeard - observed.PhaseBegan(vip.Address) >= patience;
    }

    private static bool HasHadTime(Observed observed, NodeObserved node, Instant now) =>
        now - observed.Awake >= SuspicionRule.FindingMax || (node.WasHeard && node.LastHeard >= observed.Awake);

    /// <summary>A node without witnesses renews its lease by itself: nobody can prove anything of it.</summary>
    private static bool CanBeProven(FleetState state, NodeName node) =>
        state.WitnessSets.TryGetValue(node, out var sets) && sets.All(set => !set.Witnesses.IsEmpty);
}
