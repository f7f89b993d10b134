using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Protocol;

/// <summary>What a node says to the leader, as one JSON text message each on its WebSocket. Unknown fields are ignored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Heartbeat), "heartbeat")]
[JsonDerivedType(typeof(WitnessReply), "witness-reply")]
[JsonDerivedType(typeof(Goodbye), "goodbye")]
public abstract record NodeMessage
{
    private NodeMessage()
    {
    }

    /// <summary>The first message on every connection.</summary>
    /// <param name="Schema">The version of these messages that the node speaks; see <see cref="Wire.Schema"/>.</param>
    /// <param name="Incarnation">Of this run of the agent.</param>
    /// <param name="Applied">The version of the map it works by; <see cref="MapVersion.None"/> when it has none.</param>
    public sealed record Hello(int Schema, NodeFacts Facts, Incarnation Incarnation, MapVersion Applied) : NodeMessage;

    /// <summary>Sent every heartbeat period, and at once when <see cref="Applied"/> or a verdict changes.</summary>
    /// <param name="Seq">Counts up by one within a connection.</param>
    /// <param name="Applied">The map whose orders for this node have been carried out, except for <see cref="Missing"/>.</param>
    /// <param name="Missing">VIPs it should hold and could not take (yet).</param>
    /// <param name="Busy">VIPs in <see cref="VipPhase.Draining"/> that still have connections, with their number.</param>
    /// <param name="Verdicts">Its own verdicts that changed since the last heartbeat on this connection.</param>
    /// <param name="Load">Counters, every tenth heartbeat or so; null otherwise.</param>
    /// <param name="Feedback">
    /// What feedback agents report to it, per cent, 0 to 100, where that changed since the last heartbeat on this connection; -1 is nothing any more.
    /// </param>
    /// <param name="Problems">The parts of the map that it does not carry, and why, in short sentences; null is nothing.</param>
    public sealed record Heartbeat(
        long Seq,
        MapVersion Applied,
        ImmutableArray<VipAddress> Missing,
        ImmutableSortedDictionary<VipAddress, int> Busy,
        ImmutableSortedDictionary<BackendKey, Verdict> Verdicts,
        ImmutableSortedDictionary<VipAddress, VipCounters>? Load = null,
        ImmutableSortedDictionary<BackendKey, int>? Feedback = null,
        ImmutableArray<string>? Problems = null) : NodeMessage
    {
        /// <summary>The newest map it has received, carried out or not: a node that does not receive the leader's maps is deaf.</summary>
        public MapVersion Known { get; init; }

        /// <summary>Why it can serve nothing, and is to be given nothing: a short clause whose subject is the node; null where it is well.</summary>
        public string? Ill { get; init; }

        /// <summary>How long the leader's acknowledgements have taken lately, from the sending of a heartbeat on; 0 is not known.</summary>
        public long LinkRoundTripMicros { get; init; }

        /// <summary>How long a vouching quorum of its witnesses has taken lately; 0 is not known.</summary>
        public long WitnessRoundTripMicros { get; init; }
    }

    /// <summary>A witness's answer to a query, about each node in the query.</summary>
    public sealed record WitnessReply(long Query, ImmutableArray<NodeSilence> Nodes) : NodeMessage;

    /// <summary>The node is going: hand its VIPs over. It stops once it holds none, or after a time of its own.</summary>
    public sealed record Goodbye : NodeMessage;
}

/// <summary>For how long a witness has certainly not vouched for that node: never longer than the witness's agent has run.</summary>
public sealed record NodeSilence(NodeName Node, long SilentMicros);
