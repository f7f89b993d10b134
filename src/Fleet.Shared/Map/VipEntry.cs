using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Json;
using Fleet.Shared.Model;

namespace Fleet.Shared.Map;

/// <summary>
/// A VIP's phases: <c>Unplaced → Arriving → Serving → Draining → Releasing → Arriving …</c>. When its owner is lost, it goes from any
/// phase to <c>Arriving</c> at a standby. When its owner cannot hold it any more, it goes from <c>Serving</c> back to <c>Arriving</c>.
/// </summary>
[JsonConverter(typeof(KebabEnum<VipPhase>))]
public enum VipPhase
{
    /// <summary>No node holds it.</summary>
    Unplaced,

    /// <summary>
    /// Its owner may hold it and has not said that it does, or says that it does not. DNS leaves it out while its service has others.
    /// </summary>
    Arriving,

    /// <summary>Its owner holds it; DNS answers it.</summary>
    Serving,

    /// <summary>Its owner holds it and lets its connections end; DNS leaves it out.</summary>
    Draining,

    /// <summary>Its owner must let go of it; the successor gets it when the owner has said so, or when the owner's lease is over.</summary>
    Releasing,
}

/// <summary>Why a VIP went where it is.</summary>
[JsonConverter(typeof(KebabEnum<MoveReason>))]
public enum MoveReason
{
    /// <summary>The VIP was new.</summary>
    Placed,

    /// <summary>Its owner was lost.</summary>
    OwnerLost,

    /// <summary>Its owner is being drained or leaves.</summary>
    OwnerDraining,

    /// <summary>Another node had less to do.</summary>
    Balance,

    /// <summary>Its owner carried more than it may.</summary>
    Overload,

    /// <summary>Had it stayed where it was, some failure would have been too much for a survivor.</summary>
    Protection,

    /// <summary>It lay outside the site or the segment it belongs to.</summary>
    Outside,

    /// <summary>Its owner was there and could not hold it.</summary>
    OwnerCannotHold,
}

/// <summary>One VIP in the map.</summary>
public sealed record VipEntry
{
    public required VipAddress Address { get; init; }

    public required ServiceName Service { get; init; }

    /// <summary>The only site it may lie in; null is wherever its service may lie.</summary>
    public SiteName? Site { get; init; }

    public required VipPhase Phase { get; init; }

    /// <summary>The one node that may hold it, or, in <see cref="VipPhase.Releasing"/>, the one that may still be doing so.</summary>
    public NodeName? Owner { get; init; }

    /// <summary>Where it goes next, by plan.</summary>
    public NodeName? Successor { get; init; }

    /// <summary>Who takes it if its owner is lost, first live one first.</summary>
    public ImmutableArray<NodeName> Standbys { get; init; } = [];

    /// <summary>The revision of the last change of owner or phase.</summary>
    public long Since { get; init; }

    /// <summary>Why its owner is its owner, or why it is on its way to its successor.</summary>
    public MoveReason Reason { get; init; }

    /// <summary>Declared demand, bit/s; 0 is unknown.</summary>
    public long DemandBps { get; init; }

    /// <summary>Declared new connections per second; 0 is unknown.</summary>
    public int DemandCps { get; init; }

    /// <summary>The demand that telemetry measures, margin included, bit/s; 0 is nothing yet. The larger of declared and measured counts.</summary>
    public long MeasuredBps { get; init; }

    /// <summary>The same in new connections per second.</summary>
    public long MeasuredCps { get; init; }

    /// <summary>Whether the node must hold it.</summary>
    public bool HeldBy(NodeName node) => Owner == node && Phase is (VipPhase.Arriving or VipPhase.Serving or VipPhase.Draining);

    /// <summary>The node whose load it counts as: where it will be once the plan is carried out.</summary>
    [JsonIgnore]
    public NodeName? Destination => Successor ?? Owner;
}
