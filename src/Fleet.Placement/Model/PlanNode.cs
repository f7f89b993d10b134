using System.Text.Json.Serialization;
using Fleet.Shared.Json;
using Fleet.Shared.Model;

namespace Fleet.Placement.Model;

/// <summary>What a node may be asked to do.</summary>
[JsonConverter(typeof(KebabEnum<PlanNodeState>))]
public enum PlanNodeState
{
    /// <summary>Owns VIPs, takes more, stands by.</summary>
    Up,

    /// <summary>Keeps what it has, takes nothing new and stands by for nothing new.</summary>
    Cordoned,

    /// <summary>Carries what it has until that has moved; a plan leaves nothing on it.</summary>
    Draining,

    /// <summary>Carries nothing.</summary>
    Down,
}

/// <summary>A node as placement sees it.</summary>
public sealed record PlanNode
{
    /// <summary>More than any fleet carries: the capacity of a dimension that is not bounded.</summary>
    public const long Unbounded = long.MaxValue / 4;

    public required NodeName Name { get; init; }

    public required SiteName Site { get; init; }

    /// <summary>What it fails together with, inside its site.</summary>
    public required DomainName Domain { get; init; }

    /// <summary>The layer-2 segment its VIPs can be announced in; null fits only VIPs that ask for none.</summary>
    public string? Segment { get; init; }

    /// <summary>The capacity that it may use: a node that shares its host declares its share.</summary>
    public required Load Capacity { get; init; }

    public PlanNodeState State { get; init; }
}
