using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// Decides who may have a node's name: two agents with one name would serve the same VIPs. The same run may always come back. A later run on the same
/// host is welcome as soon as the run before is no longer heard: the agent was restarted. Another host has to wait until the node is proven down:
/// until then its VIPs may be served by the first host.
/// </summary>
internal static class NameHolder
{
    /// <summary>A host that has lost its folder counts as another host. It should be back soon after the loss of the one before is proven.</summary>
    public const int RetryAfterMs = 1000;

    /// <summary>A node that has not been heard for so many heartbeats, on an open link, has gone without closing it.</summary>
    private const int HeartbeatsMax = 3;

    /// <summary>Why this hello may not have its name, and what to do; null when it may.</summary>
    /// <param name="seen">What has been observed of the node of that name in this term.</param>
    public static string? Refusal(NodeMessage.Hello hello, FleetMap map, NodeObserved seen, Instant now)
    {
        if (seen.Incarnation == hello.Incarnation && seen.Facts?.Host == hello.Facts.Host)
            return null;
        var name = hello.Facts.Name;
        var entry = map.Nodes.GetValueOrDefault(name);
        if ((seen.Facts ?? entry?.Facts) is not { } holder)
            return null;
        var isLinked = seen.Connection is not null && now - seen.LastHeard < map.Policy.Lease.Heartbeat * HeartbeatsMax;
        var isSameHost = holder.Host == hello.Facts.Host;
        if (!isLinked && (isSameHost || entry is not { Presence: NodePresence.Up }))
            return null;
        var where = isSameHost ? "from the same folder, or a copy of it" : "on another host";
        var address = seen.By?.From ?? holder.WitnessAddress.Address;
        return $"The name {name} is held by an agent {where}, at {address}, and that node is {(isLinked ? "linked" : "up")}: "
            + "give this one another name (fleet.node.name), or stop that one first. "
            + $"The name is free once that node is down; of a dead one, pbm cluster down {name} says so.";
    }
}
