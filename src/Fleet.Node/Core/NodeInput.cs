using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>Everything that reaches a node's reactor, through its one mailbox.</summary>
public abstract record NodeInput
{
    private NodeInput()
    {
    }

    /// <summary>Time has passed.</summary>
    public sealed record Tick : NodeInput;

    /// <summary>The link to a coordinator is open.</summary>
    public sealed record LinkOpened : NodeInput;

    public sealed record LinkClosed : NodeInput;

    /// <summary>A coordinator said something.</summary>
    public sealed record FromLeader(LeaderMessage Message) : NodeInput;

    /// <summary>A peer's probe or vouch came by UDP.</summary>
    public sealed record FromPeer(WitnessDatagram Datagram) : NodeInput;

    /// <summary>The data plane has carried out a <see cref="NodeEffect.HoldVips"/> of that version, but for what is missing.</summary>
    /// <param name="Undrained">VIPs whose draining could not be begun; null when there are none.</param>
    public sealed record Held(MapVersion Version, ImmutableArray<VipAddress> Missing, ImmutableSortedSet<VipAddress>? Undrained = null) : NodeInput;

    public sealed record Counted(ImmutableSortedDictionary<VipAddress, VipCounters> Counters) : NodeInput;

    /// <summary>This node's own checks changed their mind about a backend.</summary>
    public sealed record Checked(BackendKey Backend, Verdict Verdict) : NodeInput;

    /// <summary>What this node hears from a backend's feedback agent, per cent; null is nothing any more.</summary>
    public sealed record Weighed(BackendKey Backend, int? Percent) : NodeInput;

    /// <summary>The operator stops this agent: hand over and go.</summary>
    public sealed record StopAsked : NodeInput;
}

/// <summary>What the reactor wants done, in order; the shell does it with no choices left.</summary>
public abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    public sealed record SendToLeader(NodeMessage Message) : NodeEffect;

    public sealed record SendPeer(NodeName To, WitnessDatagram Datagram) : NodeEffect;

    /// <summary>The link is of no use any more: close it and find the leader again.</summary>
    public sealed record CloseLink(string Reason) : NodeEffect;

    public sealed record ApplyPlane(NodePlan Plan) : NodeEffect;

    public sealed record DrainVips(ImmutableSortedSet<VipAddress> Vips) : NodeEffect;

    /// <summary>Hold exactly these until that moment, then report <see cref="Version"/> as done.</summary>
    public sealed record HoldVips(ImmutableSortedSet<VipAddress> Vips, Instant Until, MapVersion Version) : NodeEffect;

    public sealed record ReadCounters : NodeEffect;

    /// <summary>Answer DNS from this map from now on.</summary>
    /// <param name="Change">How it differs from the one before; null where that is not known.</param>
    public sealed record PublishAnswers(FleetMap Map, MapDelta? Change) : NodeEffect;

    /// <summary>Keep it on disk, to answer DNS from after a restart.</summary>
    public sealed record SaveMap(FleetMap Map) : NodeEffect;

    /// <summary>Probe exactly these backends.</summary>
    public sealed record CheckBackends(ImmutableArray<BackendToCheck> Backends) : NodeEffect;

    public sealed record Stop(string Reason) : NodeEffect;
}

/// <summary>One backend that this node is to probe.</summary>
/// <param name="Feedback">How its agent is asked; null where it has none.</param>
public sealed record BackendToCheck(BackendKey Key, Backend Backend, CheckSpec Check, bool ProxyProtocol, FeedbackSpec? Feedback = null);
