using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// A node's time-limited right to hold its VIPs. It is counted from the moment a question was <em>sent</em>, never from when the answer came, so it
/// ends at the node no later than the others believe. Once it has run out, the leader can give it back, because the leader knows whether the VIPs
/// have gone elsewhere. So can a quorum of witnesses, if none of them has since told a leader that it does not hear this node: then nobody can have
/// given the VIPs away.
/// </summary>
internal sealed record Lease(Instant Until)
{
    public static readonly Lease None = new(Instant.Never);

    public bool IsHeld(Instant now) => now < Until;

    /// <summary>The leader heard what was sent at <paramref name="sentAt"/>.</summary>
    /// <param name="knowsMap">The node works by the leader's newest map. A lease that had run out is given back only then.</param>
    public Lease ByLeader(Instant sentAt, TimeSpan duration, bool knowsMap, Instant now) =>
        IsHeld(now) || knowsMap ? Extend(sentAt + duration) : this;

    /// <summary>A quorum of witnesses heard what was sent at <paramref name="sentAt"/>.</summary>
    public Lease ByWitnesses(Instant sentAt, TimeSpan duration, Instant now) => IsHeld(now) ? Extend(sentAt + duration) : this;

    /// <summary>
    /// A quorum of witnesses heard what was sent at <paramref name="sentAt"/>, after this lease had run out, and none of them has let anybody take
    /// the node for lost. Their word is good for one lease from then on, and for nothing after that: what they looked at goes no further back.
    /// </summary>
    public Lease ByRevival(Instant sentAt, TimeSpan duration, Instant now) =>
        this == None || IsHeld(now) || sentAt < Until || sentAt + duration <= now ? this : Extend(sentAt + duration);

    /// <summary>The fleet's lease has become shorter. This one becomes shorter too, before the leader hears that the node knows.</summary>
    public Lease AtMost(Instant until) => until < Until ? new Lease(until) : this;

    private Lease Extend(Instant until) => until > Until ? new Lease(until) : this;
}
