using Fleet.Coordinator.Core;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// Whether nothing is wrong with a world but that some nodes are dead: a leader leads and can write, no way is cut or loses anything, and every node
/// is either dead or does all it should. Then the bounds of the design hold, whatever went before.
/// </summary>
public static class Calm
{
    private static readonly TimeSpan AppendMax = TimeSpan.FromMilliseconds(5);

    internal static bool Is(World world, Leader leader)
    {
        foreach (var node in world.Nodes.Values)
        {
            if (!IsDead(node) && node.Relay.BindsFail)
                return false;
        }

        return IsButForBinds(world, leader);
    }

    /// <summary>The same, but that hosts may give their nodes no addresses. A data plane that was mended has the time to be told again.</summary>
    internal static bool IsButForBinds(World world, Leader leader)
    {
        var isWell = !world.Network.IsTroubled && !world.Election.IsTroubled && !world.StoreTrouble.IsFelt && Leads(world, leader)
            && world.Coordinator.Process is { IsRunning: true, Life: { } life } && life.BusyUntil - world.Now <= AppendMax.TotalMicroseconds
            && !world.Store.IsFull
                && !world.Store.IsUnreachable
                && world.Store.AppendMicros.Most <= AppendMax.TotalMicroseconds
            && leader.InDoubt is null;
        if (!isWell)
            return false;
        foreach (var node in world.Nodes.Values)
        {
            if (!IsDead(node) && (!IsWell(node, leader) || node.Plane.WasTroubled(world.Now)))
                return false;
        }

        return true;
    }

    /// <summary>One that was deposed may not know it yet; it decides nothing more.</summary>
    private static bool Leads(World world, Leader leader) => world.Storage is not { } storage || storage.Leader?.Term == leader.Term;

    /// <summary>Its agent at least is dead, and its relays are, or end with their lease.</summary>
    public static bool IsDead(SimNode node) => node.Agent.State == ProcessState.Dead;

    /// <summary>It runs, the leader hears it and counts on it, and it can take what it is given if its host lets it.</summary>
    internal static bool IsWell(SimNode node, Leader leader) =>
        node is { Agent.IsRunning: true, IsLinked: true, Reactor: not null, Relay.IsRunning: true, Disk: { IsFull: false, FailsOneIn: 0 } }
        && leader.State.Map.Nodes.GetValueOrDefault(node.Name) is { Presence: NodePresence.Up, Suspected: false }
        && leader.Observed.Node(node.Name) is { WasHeard: true, LeaseExpiryProof: null, Fence: null, Connection: not null, SaidGoodbye: false };

    /// <summary>Of every set of witnesses that it may be renewing by so many are there that the others are no quorum.</summary>
    internal static bool IsWitnessed(World world, Leader leader, NodeName node) =>
        leader.State.WitnessSets.GetValueOrDefault(node, []) is { IsEmpty: false } sets
        && sets.All(set => set.Witnesses.Count(w => world.Nodes.TryGetValue(w, out var witness) && !IsDead(witness)) > set.Witnesses.Length / 2);

    /// <summary>
    /// Microseconds from the death of a node to the entry that says so: lease and margin, two round trips of the link and one of the witnesses,
    /// judging and writing, a heartbeat that those that fail together are waited for, and what clocks may run wrong in that time.
    /// </summary>
    internal static long LossMax(World world, FleetState state)
    {
        var lease = state.LongestLease;
        var local = lease.DurationAndMargin + lease.Heartbeat + DetectionBound.Work;
        return (long)(local.TotalMicroseconds * (1 + (2e-6 * world.Settings.ClockPpmMax))) + (6 * world.Network.SlowestMicros);
    }
}
