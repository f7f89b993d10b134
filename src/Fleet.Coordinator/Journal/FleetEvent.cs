using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Journal;

/// <summary>A VIP goes to an owner at once.</summary>
internal sealed record VipMove(VipAddress Vip, NodeName To, MoveReason Reason);

/// <summary>A VIP's ordered standbys.</summary>
internal sealed record VipStandbys(VipAddress Vip, ImmutableArray<NodeName> Standbys);

/// <summary>What a VIP asks for by telemetry, margin included.</summary>
/// <param name="Bps">bit/s.</param>
/// <param name="Cps">New connections per second.</param>
internal sealed record VipDemand(VipAddress Vip, long Bps, long Cps);

/// <summary>Everything that can happen to a fleet, in the past tense. Events are facts: folding them never refuses.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TermBegun), "term-begun")]
[JsonDerivedType(typeof(PolicySet), "policy-set")]
[JsonDerivedType(typeof(ServiceApplied), "service-applied")]
[JsonDerivedType(typeof(ServiceRemoved), "service-removed")]
[JsonDerivedType(typeof(ServiceLeftOut), "service-left-out")]
[JsonDerivedType(typeof(NodeJoined), "node-joined")]
[JsonDerivedType(typeof(NodeReturned), "node-returned")]
[JsonDerivedType(typeof(NodeLost), "node-lost")]
[JsonDerivedType(typeof(NodesSuspected), "nodes-suspected")]
[JsonDerivedType(typeof(NodesCleared), "nodes-cleared")]
[JsonDerivedType(typeof(SitesHeldDown), "sites-held-down")]
[JsonDerivedType(typeof(SitesReleased), "sites-released")]
[JsonDerivedType(typeof(OverflowSet), "overflow-set")]
[JsonDerivedType(typeof(NodeIntended), "node-intended")]
[JsonDerivedType(typeof(NodeForgotten), "node-forgotten")]
[JsonDerivedType(typeof(WitnessesNamed), "witnesses-named")]
[JsonDerivedType(typeof(WitnessesConfirmed), "witnesses-confirmed")]
[JsonDerivedType(typeof(WeightsSet), "weights-set")]
[JsonDerivedType(typeof(VipsMoved), "vips-moved")]
[JsonDerivedType(typeof(VipsServing), "vips-serving")]
[JsonDerivedType(typeof(VipsNotServed), "vips-not-served")]
[JsonDerivedType(typeof(HandoversBegun), "handovers-begun")]
[JsonDerivedType(typeof(HandoversCalledOff), "handovers-called-off")]
[JsonDerivedType(typeof(VipsReleasing), "vips-releasing")]
[JsonDerivedType(typeof(VipsUnplaced), "vips-unplaced")]
[JsonDerivedType(typeof(RemovedVipsReleased), "removed-vips-released")]
[JsonDerivedType(typeof(OldTermsGone), "old-terms-gone")]
[JsonDerivedType(typeof(StandbysNamed), "standbys-named")]
[JsonDerivedType(typeof(VerdictsChanged), "verdicts-changed")]
[JsonDerivedType(typeof(FeedbackSet), "feedback-set")]
[JsonDerivedType(typeof(DemandMeasured), "demand-measured")]
[JsonDerivedType(typeof(ProtectionOverridden), "protection-overridden")]
internal abstract record FleetEvent
{
    private FleetEvent()
    {
    }

    /// <summary>A coordinator took the leadership.</summary>
    public sealed record TermBegun(long Term, string Coordinator) : FleetEvent;

    public sealed record PolicySet(FleetPolicy Policy) : FleetEvent;

    /// <summary>Created or replaced. The service lists its VIPs explicitly: those that came from the pool have been chosen.</summary>
    public sealed record ServiceApplied(Service Service) : FleetEvent;

    public sealed record ServiceRemoved(ServiceName Service) : FleetEvent;

    /// <summary>
    /// The service, as the history has it, breaks rules that an older version of Fleet did not have. The fleet goes on without it until it is applied
    /// anew or removed.
    /// </summary>
    public sealed record ServiceLeftOut(ServiceName Service, string Why) : FleetEvent;

    /// <summary>A node was seen for the first time, or describes itself differently than before.</summary>
    /// <param name="By">Who said hello, and from where.</param>
    public sealed record NodeJoined(NodeFacts Facts, Principal? By = null) : FleetEvent;

    /// <summary>A node that was down is heard again.</summary>
    public sealed record NodeReturned(NodeName Node) : FleetEvent;

    /// <summary>The node cannot be holding anything any more.</summary>
    public sealed record NodeLost(NodeName Node, string Cause) : FleetEvent;

    /// <summary>
    /// These nodes have not been heard for a lease and more, and nobody could prove them lost. They keep their VIPs, and DNS prefers others.
    /// </summary>
    public sealed record NodesSuspected(ImmutableArray<NodeName> Nodes) : FleetEvent;

    /// <summary>These nodes were silent and are heard again.</summary>
    public sealed record NodesCleared(ImmutableArray<NodeName> Nodes) : FleetEvent;

    /// <summary>
    /// No node of these sites can be counted on. DNS answers with them only when nothing else is left, until they have been well for the hold-down.
    /// </summary>
    public sealed record SitesHeldDown(ImmutableArray<SiteName> Sites) : FleetEvent;

    /// <summary>These sites have been well for the hold-down.</summary>
    public sealed record SitesReleased(ImmutableArray<SiteName> Sites) : FleetEvent;

    /// <summary>
    /// How many of <see cref="SiteEntry.KeptAll"/> queries of its own clients each of these sites keeps, for services that overflow.
    /// </summary>
    public sealed record OverflowSet(ImmutableSortedDictionary<SiteName, int> Kept) : FleetEvent;

    public sealed record NodeIntended(NodeName Node, NodeIntent Intent) : FleetEvent;

    public sealed record NodeForgotten(NodeName Node) : FleetEvent;

    public sealed record WitnessesNamed(NodeName Node, ImmutableArray<NodeName> Witnesses) : FleetEvent;

    /// <summary>The node works by a map of at least <see cref="Revision"/>: witnesses named before the ones of that map no longer count.</summary>
    public sealed record WitnessesConfirmed(NodeName Node, long Revision) : FleetEvent;

    public sealed record WeightsSet(ImmutableSortedDictionary<NodeName, int> Weights) : FleetEvent;

    /// <summary>Owners changed at once: a first placement, a recovery, or the end of a handover.</summary>
    public sealed record VipsMoved(ImmutableArray<VipMove> Moves) : FleetEvent;

    /// <summary>The owners report that they hold these VIPs.</summary>
    public sealed record VipsServing(ImmutableArray<VipAddress> Vips) : FleetEvent;

    /// <summary>
    /// The owners report that they cannot hold these VIPs. The VIPs stay with them, and DNS leaves those out while their service has others.
    /// </summary>
    public sealed record VipsNotServed(ImmutableArray<VipAddress> Vips) : FleetEvent;

    /// <summary>These VIPs are to move by plan, or because their owners cannot hold them: they leave the DNS answers first.</summary>
    public sealed record HandoversBegun(ImmutableArray<VipMove> Moves) : FleetEvent;

    /// <summary>These VIPs stay where they are after all.</summary>
    public sealed record HandoversCalledOff(ImmutableArray<VipAddress> Vips) : FleetEvent;

    /// <summary>The owners must let go of these VIPs.</summary>
    public sealed record VipsReleasing(ImmutableArray<VipAddress> Vips) : FleetEvent;

    /// <summary>Nobody may hold these VIPs now.</summary>
    public sealed record VipsUnplaced(ImmutableArray<VipAddress> Vips, string Cause) : FleetEvent;

    /// <summary>The nodes that held these VIPs when they were taken out of the map no longer do.</summary>
    public sealed record RemovedVipsReleased(ImmutableArray<VipAddress> Vips) : FleetEvent;

    /// <summary>Every node that is up works by a map of at least <see cref="Revision"/>: lease terms changed up to then no longer count.</summary>
    public sealed record OldTermsGone(long Revision) : FleetEvent;

    public sealed record StandbysNamed(ImmutableArray<VipStandbys> Vips) : FleetEvent;

    /// <summary>These VIPs ask for something other than was last recorded.</summary>
    public sealed record DemandMeasured(ImmutableArray<VipDemand> Vips) : FleetEvent;

    /// <summary>The asker wanted this entry's change although the protection does not hold with it.</summary>
    public sealed record ProtectionOverridden(string Breach) : FleetEvent;

    public sealed record VerdictsChanged(ImmutableSortedDictionary<BackendKey, Verdict> Verdicts) : FleetEvent;

    /// <summary>The part of their weight that feedback agents leave these backends, per cent.</summary>
    public sealed record FeedbackSet(ImmutableSortedDictionary<BackendKey, int> Percent) : FleetEvent;
}
