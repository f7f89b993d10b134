using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Protocol;

/// <summary>What the leader says to a node, as one JSON text message each. Every order carries a version; nodes refuse older terms.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Welcome), "welcome")]
[JsonDerivedType(typeof(Ack), "ack")]
[JsonDerivedType(typeof(Full), "full")]
[JsonDerivedType(typeof(Change), "change")]
[JsonDerivedType(typeof(Inquiry), "inquiry")]
[JsonDerivedType(typeof(Refusal), "refusal")]
[JsonDerivedType(typeof(Redirect), "redirect")]
public abstract record Down
{
    private Down()
    {
    }

    /// <summary>The answer to hello.</summary>
    public sealed record Welcome(long Term, LeaseTerms Lease) : Down;

    /// <summary>Heartbeat <see cref="Seq"/> was heard. <see cref="Version"/> is the leader's newest map: a lease that has run out is renewed only by a node that works by it.</summary>
    public sealed record Ack(long Seq, MapVersion Version) : Down;

    public sealed record Full(FleetMap Map) : Down;

    public sealed record Change(MapDelta Delta) : Down;

    /// <summary>"For how long have you not vouched for each of <see cref="Nodes"/>?" All that is asked of one watcher at a time is one message.</summary>
    /// <param name="Withheld">Those among them that the watcher must not vouch for from now on, for a while: the leader fences them.</param>
    public sealed record Inquiry(long Id, ImmutableArray<NodeName> Nodes, ImmutableArray<NodeName> Withheld) : Down;

    /// <summary>The node may not join. It tries again after <see cref="RetryAfterMs"/>; null: it has left for good and stops.</summary>
    public sealed record Refusal(string Reason, int? RetryAfterMs = null) : Down;

    /// <summary>This coordinator does not lead; the leader, where known, is at <see cref="Leader"/> (host:port).</summary>
    public sealed record Redirect(string? Leader = null) : Down;
}
