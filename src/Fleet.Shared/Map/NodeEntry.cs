using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Json;
using Fleet.Shared.Model;

namespace Fleet.Shared.Map;

/// <summary>What the operator wants of a node.</summary>
[JsonConverter(typeof(KebabEnum<NodeIntent>))]
public enum NodeIntent
{
    /// <summary>Takes its share.</summary>
    Active,

    /// <summary>Keeps what it has and takes nothing new.</summary>
    Cordoned,

    /// <summary>Hands over all it has, by plan, and stays in the fleet.</summary>
    Draining,

    /// <summary>Hands over all it has, by plan, and is then forgotten.</summary>
    Leaving,
}

/// <summary>What the leader knows of a node.</summary>
[JsonConverter(typeof(KebabEnum<NodePresence>))]
public enum NodePresence
{
    Up,

    /// <summary>Cannot be holding anything: its lease has run out, by the evidence of the leader and its witnesses, or it said goodbye.</summary>
    Down,
}

/// <summary>One node in the map.</summary>
public sealed record NodeEntry
{
    public required NodeFacts Facts { get; init; }

    public required NodeIntent Intent { get; init; }

    public required NodePresence Presence { get; init; }

    /// <summary>The peers whose word renews its lease when the leader is away; see <see cref="WitnessQuorum"/>.</summary>
    public ImmutableArray<NodeName> Witnesses { get; init; } = [];

    /// <summary>Weight of its VIPs in DNS answers, 1 to 255, from its headroom.</summary>
    public int Weight { get; init; } = 255;

    /// <summary>
    /// The leader has not heard the node for a lease and more. It may still hold its VIPs, so they stay with it; DNS answers others while there are
    /// any.
    /// </summary>
    public bool Suspected { get; init; }

    [JsonIgnore]
    public NodeName Name => Facts.Name;

    /// <summary>May be given VIPs.</summary>
    [JsonIgnore]
    public bool TakesVips => Presence == NodePresence.Up && Intent == NodeIntent.Active;
}
