using System.Collections.Immutable;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Core;

/// <summary>The leader's side of every node's link: the handshake, what nodes say, and the map that each of them is sent.</summary>
internal sealed class NodeSessions(long term, Roster roster, Outbox outbox)
{
    private readonly MapReplication _replication = new();

    /// <summary>Nodes that a doubtful entry calls lost. They get no acknowledgement: their VIPs may be another's by now.</summary>
    public ImmutableHashSet<NodeName> Doubted { get; set; } = [];

    /// <summary>Some node waits for a full map until others have theirs.</summary>
    public bool IsAnyWaiting => _replication.IsAnyWaiting;

    /// <summary>Returns whether the message may have consequences that are worth a look now.</summary>
    public bool Hear(LeaderInput.Said said, FleetState state, Instant now)
    {
        var connection = said.Connection;
        switch (said.Message)
        {
            case NodeMessage.Hello hello:
                return Greet(connection, said.By, hello, state.Map, now);
            case NodeMessage.Heartbeat beat when roster.NodeAt(connection) is { } node:
                return Beat(connection, node, beat, state, now);
            case NodeMessage.WitnessReply reply when roster.NodeAt(connection) is { } witness:
                return roster.TakeWitnessReply(witness, reply, state, now);
            case NodeMessage.Goodbye when roster.NodeAt(connection) is { } node:
                roster.SayGoodbye(node);
                return true;
            default:
                // Whoever speaks before saying hello is not a node of this fleet.
                outbox.Close(connection);
                return false;
        }
    }

    public void Part(long connection)
    {
        _replication.Leave(connection);
        roster.Part(connection);
    }

    /// <summary>The full maps that may go out now.</summary>
    public void SendFull(FleetMap map, Instant now)
    {
        foreach (var (connection, full) in _replication.Full(map, roster.IsOpen, now))
        {
            outbox.Send(connection, full);
            roster.Feed(connection, now);
        }
    }

    /// <summary>The change goes to every node that has the parent.</summary>
    /// <param name="touched">The VIPs that may differ.</param>
    public void SendChange(FleetMap parent, FleetMap map, IReadOnlyCollection<VipAddress> touched)
    {
        foreach (var (connection, change) in _replication.Next(parent, map, touched))
            outbox.Send(connection, change);
    }

    public void QueryWitnesses(FleetState state, Instant now)
    {
        foreach (var (connection, question) in roster.QueryWitnesses(state, now))
            outbox.Send(connection, question);
    }

    /// <summary>The node is no part of the fleet any more.</summary>
    public void Dismiss(NodeName node)
    {
        if (roster.Forget(node) is not { } connection)
            return;
        _replication.Leave(connection);
        outbox.Refuse(connection, $"Node {node} has left the fleet.", null);
    }

    private bool Greet(long connection, Principal by, NodeMessage.Hello hello, FleetMap map, Instant now)
    {
        var name = hello.Facts.Name;
        if (NameHolder.Refusal(hello, map, roster.Observed.Node(name), now) is { } taken)
        {
            outbox.Refuse(connection, taken, NameHolder.RetryAfterMs);
            return false;
        }

        if (roster.Join(name, connection, by, hello, now) is { } old)
            outbox.Close(old);
        outbox.Send(connection, new LeaderMessage.Welcome(term, map.Policy.Lease));
        _replication.Join(connection, hello.Applied, map.Version);
        if (hello.Applied == map.Version)
            roster.Feed(connection, now);
        return true;
    }

    private bool Beat(long connection, NodeName node, NodeMessage.Heartbeat beat, FleetState state, Instant now)
    {
        var isAwaited = beat.Applied != roster.Observed.Node(node).Applied && IsAwaited(state, node);
        var isNews = roster.Beat(node, beat, state.Map, now);
        _replication.Applied(connection, beat.Applied);
        if (!roster.IsFenced(node) && !Doubted.Contains(node))
            outbox.Send(connection, new LeaderMessage.Ack(beat.Seq, state.Map.Version));
        return isAwaited | isNews;
    }

    /// <summary>
    /// Something may happen once the node works by a newer map. Whatever waits for several nodes is left to the next reconciliation.
    /// </summary>
    private static bool IsAwaited(FleetState state, NodeName node) => !state.UnreleasedVips.IsEmpty || state.Vips.IsAwaited(node);
}
