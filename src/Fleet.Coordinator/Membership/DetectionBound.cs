using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// How long the VIPs of a node that dies are dark at most, as things are now. It is the sum of: lease + margin; two round trips between the leader
/// and its farthest node (a vouch is taken for as late as its answer may have been under way, then question, answer and map); the way from the node
/// to its witnesses, for which their round trip is taken; and the time to judge, write and take up.
/// </summary>
/// <param name="LinkFarthest">The node with the longest round trip to the leader; null while none is measured.</param>
/// <param name="WitnessFarthest">The node whose quorum of witnesses takes longest.</param>
internal sealed record DetectionBound(LeaseTerms Lease, NodeName? LinkFarthest, TimeSpan Link, NodeName? WitnessFarthest, TimeSpan Witnesses)
{
    /// <summary>A tick, a pause between two questions, the journal, and the data plane.</summary>
    public static readonly TimeSpan Work = TimeSpan.FromMilliseconds(60);

    public TimeSpan Total => Lease.DurationAndMargin + (Link * 2) + Witnesses + Work;

    public static DetectionBound Compute(FleetState state, Observed observed)
    {
        var up = state.Map.Nodes.Values.Where(n => n.Presence == NodePresence.Up).Select(n => (n.Name, Seen: observed.Node(n.Name))).ToArray();
        var link = up.OrderByDescending(n => n.Seen.LinkRoundTrip).FirstOrDefault(n => n.Seen.LinkRoundTrip > TimeSpan.Zero);
        var witnesses = up.OrderByDescending(n => n.Seen.WitnessRoundTrip).FirstOrDefault(n => n.Seen.WitnessRoundTrip > TimeSpan.Zero);
        return new DetectionBound(
            state.Map.Policy.Lease,
            link.Seen is null ? null : link.Name,
            link.Seen?.LinkRoundTrip ?? TimeSpan.Zero,
            witnesses.Seen is null ? null : witnesses.Name,
            witnesses.Seen?.WitnessRoundTrip ?? TimeSpan.Zero);
    }

    /// <summary>
    /// The lease that these round trips require when the present one is too short; null when it is long enough. An acknowledgement must come before
    /// the lease given by the heartbeat before it is over, with one heartbeat lost. Rounded up to 50 ms.
    /// </summary>
    public TimeSpan? LeaseNeeded
    {
        get
        {
            var slowest = Link > Witnesses ? Link : Witnesses;
            if ((Lease.Heartbeat * 2) + slowest <= Lease.Duration)
                return null;
            var needed = (Lease.Heartbeat * 3) + slowest;
            return TimeSpan.FromMilliseconds(Math.Ceiling(needed.TotalMilliseconds / 50) * 50);
        }
    }
}
