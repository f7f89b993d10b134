using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Core;

/// <summary>Everything that reaches a node's reactor, through its one mailbox.</summary>
internal abstract record NodeInput
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

    /// <summary>That order has been carried out, except for these VIPs.</summary>
    public sealed record Held(NodeEffect.HoldVips Order, ImmutableSortedSet<VipAddress> Failed) : NodeInput;

    /// <summary>The data plane has answered an apply.</summary>
    /// <param name="Carried">What the data plane says that it carries now; null where the apply failed and nobody knows.</param>
    /// <param name="Error">Why it failed.</param>
    public sealed record Applied(PlanGeneration Asked, PlanGeneration? Carried, string? Error = null) : NodeInput
    {
        /// <summary>Why the data plane does not carry what was asked; null if it does.</summary>
        public string? Failure => Carried == Asked ? null : Error ?? $"it was told {Asked} and says that it carries {Carried}";
    }

    /// <summary>The data plane has answered a <see cref="NodeEffect.DrainVips"/>.</summary>
    public sealed record Drained(bool IsDone) : NodeInput;

    /// <summary>The answer to a <see cref="NodeEffect.ReadPlane"/>.</summary>
    public sealed record PlaneRead(PlaneReading Reading) : NodeInput;

    /// <summary>The data plane has fallen silent, or answers again.</summary>
    /// <param name="Since">Since when it has not answered; null where it does.</param>
    public sealed record PlaneSilent(Instant? Since) : NodeInput;

    /// <summary>This node's own checks changed their mind about a backend.</summary>
    public sealed record Checked(BackendKey Backend, Verdict Verdict) : NodeInput;

    /// <summary>What this node hears from a backend's feedback agent, in per cent; null when it no longer hears anything.</summary>
    public sealed record Weighed(BackendKey Backend, int? Percent) : NodeInput;

    /// <summary>The operator stops this agent: hand over and go.</summary>
    public sealed record StopAsked : NodeInput;
}

/// <summary>What the reactor wants done, in order; the shell does it with no choices left.</summary>
internal abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    public sealed record SendToLeader(NodeMessage Message) : NodeEffect;

    public sealed record SendPeer(NodeName To, WitnessDatagram Datagram) : NodeEffect;

    /// <summary>The link is of no use any more: close it and find the leader again.</summary>
    public sealed record CloseLink(string Reason) : NodeEffect;

    /// <summary>
    /// The services have changed, or what the data plane carries is not known: carry exactly this. There is no other apply until it is answered.
    /// </summary>
    public sealed record ApplyServices(NodePlan Plan, BackendStates Backends) : NodeEffect;

    /// <summary>Nothing but states of backends has changed.</summary>
    public sealed record ApplyBackends(BackendStates Backends) : NodeEffect;

    public sealed record DrainVips(ImmutableSortedSet<VipAddress> Vips) : NodeEffect;

    /// <summary>Hold exactly these until that moment.</summary>
    /// <param name="Version">The map that wants it so.</param>
    /// <param name="Untaken">VIPs that the map gives to this node but that the data plane is not ready for.</param>
    public sealed record HoldVips(
        ImmutableSortedSet<VipAddress> Vips, Instant Until, MapVersion Version, ImmutableSortedSet<VipAddress> Untaken) : NodeEffect;

    public sealed record ReadPlane : NodeEffect;

    /// <summary>Answer DNS from this map from now on.</summary>
    /// <param name="Change">How it differs from the one before; null where that is not known.</param>
    public sealed record PublishAnswers(FleetMap Map, MapDelta? Change) : NodeEffect;

    /// <summary>Keep the map on disk, to answer DNS from it after a restart.</summary>
    public sealed record SaveMap(FleetMap Map) : NodeEffect;

    /// <summary>Probe exactly these backends.</summary>
    public sealed record CheckBackends(ImmutableArray<BackendToCheck> Backends) : NodeEffect;

    public sealed record Stop(string Reason) : NodeEffect;
}

/// <summary>One backend that this node is to probe.</summary>
/// <param name="Feedback">How its feedback agent is asked; null where it has none.</param>
internal sealed record BackendToCheck(BackendKey Key, Backend Backend, CheckSpec Check, bool ProxyProtocol, FeedbackSpec? Feedback = null);
