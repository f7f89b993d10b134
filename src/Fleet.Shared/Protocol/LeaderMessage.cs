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
[JsonDerivedType(typeof(WitnessQuery), "witness-query")]
[JsonDerivedType(typeof(Refusal), "refusal")]
[JsonDerivedType(typeof(Redirect), "redirect")]
public abstract record LeaderMessage
{
    private LeaderMessage()
    {
    }

    /// <summary>The answer to hello.</summary>
    public sealed record Welcome(long Term, LeaseTerms Lease) : LeaderMessage;

    /// <summary>
    /// Heartbeat <see cref="Seq"/> was heard. <see cref="Version"/> is the leader's newest map: a node whose lease has run out renews it only if it
    /// works by that map.
    /// </summary>
    public sealed record Ack(long Seq, MapVersion Version) : LeaderMessage;

    public sealed record Full(FleetMap Map) : LeaderMessage;

    public sealed record Change(MapDelta Delta) : LeaderMessage;

    /// <summary>
    /// "For how long have you not vouched for each of <see cref="Nodes"/>?" All that one witness is asked at a time is one message.
    /// </summary>
    /// <param name="Withheld">Those among them that the witness must not vouch for from now on, for a while: the leader fences them.</param>
    public sealed record WitnessQuery(long Id, ImmutableArray<NodeName> Nodes, ImmutableArray<NodeName> Withheld) : LeaderMessage;

    /// <summary>The node may not join. It tries again after <see cref="RetryAfterMs"/>; null: it has left for good and stops.</summary>
    public sealed record Refusal(string Reason, int? RetryAfterMs = null) : LeaderMessage;

    /// <summary>
    /// This coordinator does not lead; the leader is at <see cref="Leader"/>, a <see cref="LinkAddress"/>. An address that names no transport means
    /// that of this link. It is text, so that an address that a node cannot follow can still be named. Where no leader is known there is no link at
    /// all.
    /// </summary>
    public sealed record Redirect(string Leader) : LeaderMessage;
}
