using System.Collections.Immutable;
using Fleet.Coordinator.Commands;
using Fleet.Coordinator.Membership;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>A world and what befalls it, all from one seed: some seconds of trouble, and then everything that was broken is mended.</summary>
public sealed record FaultPlan(WorldSettings Settings, ImmutableArray<Fault> Faults, TimeSpan Quiet)
{
    /// <summary>Mends what is broken: the world's own doing at the beginning of the quiet time.</summary>
    public static void Mend(World world)
    {
        world.Log("--- quiet ---");
        world.QuietSince = world.Now;
        world.Network.Heal();
        world.Backends.MendAll();
        (world.Store.IsUnreachable, world.Store.IsFull) = (false, false);
        world.Store.AppendMicros = (100, 1500);
        world.Election.Mend();
        world.StoreTrouble.Mend();
        foreach (var coordinator in world.Coordinators)
        {
            coordinator.Process.Continue();
            coordinator.Start();
        }

        foreach (var node in world.Nodes.Values)
        {
            node.Disk.IsFull = false;
            node.Relay.BindsFail = false;
            node.Plane.Mend();
            node.Relay.Continue();
            node.Agent.Continue();
            if (!node.HasStopped)
                node.Start();
        }
    }

    /// <summary>
    /// What an operator does after a while: says of nodes that have stopped for good that they have, ends drains that were left over, and forgives
    /// those that kept failing, which would wait up to five minutes.
    /// </summary>
    /// <returns>Whether there was anything to do.</returns>
    public static bool Tidy(World world)
    {
        var map = world.Store.Folded.Map;
        var stopped = world.Nodes.Values.Where(
            n => n.HasStopped && n.Agent.State == ProcessState.Dead && map.Nodes.GetValueOrDefault(n.Name) is { Presence: NodePresence.Up });
        Command[] commands =
        [
            .. stopped.Select(n => new Command.DeclareDown(n.Name)),
            .. map.Nodes.Values
                .Where(n => n.Intent == NodeIntent.Draining || (n.TakesVips && IsHeldAgainst(world, n.Name)))
                .Select(n => new Command.Intend(n.Name, NodeIntent.Active)),
        ];
        foreach (var command in commands)
            world.Coordinator.Ask(command, decision => world.Log($"operator is told: {decision}"), force: true);
        return commands.Length > 0;
    }

    private static bool IsHeldAgainst(World world, NodeName node) =>
        world.Coordinator.Leader is { } leader && FlapDamping.IsHeldAgainst(leader.Observed.Node(node));
}
