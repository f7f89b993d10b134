using Fleet.Coordinator.Core;
using Fleet.Coordinator.Ownership;
using Fleet.Shared.Map;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// However bad it was, when faults stop there is a leader, and everything that was served is served again, within five seconds; and it stays so but
/// for the moments of a handover. Excused is what nobody can serve, and what only an operator can say is free.
/// </summary>
public sealed class ServedAgain : IChecker
{
    private const long HealMax = 5_000_000;

    /// <summary>A VIP that is handed over may be dark for less than this.</summary>
    private const long HandoverMax = 1_000_000;

    private readonly DarkVips _dark = new();
    private long _next;

    public void Look(World world)
    {
        if (world.QuietSince is not { } quiet || world.Now < _next)
            return;
        _next = world.Now + CalmMoments.Often;
        var isDue = world.Now - quiet >= HealMax;
        if (world.Coordinator.Leader is { } leader)
            Look(world, leader, isDue);
        else if (isDue)
            throw new CheckFailedException(world, $"There is no leader {(world.Now - quiet) / 1000} ms after the last fault.");
    }

    private void Look(World world, Leader leader, bool isDue)
    {
        var map = leader.State.Map;
        NodeEntry[] able =
        [
            .. map.Nodes.Values.Where(node => node.Intent == NodeIntent.Active
                && world.Nodes[node.Name] is { Agent.IsRunning: true, Relay.IsRunning: true, IsLinked: true, Reactor: not null }),
        ];
        foreach (var (vip, dark) in _dark.Measure(world, leader, vip => Array.Exists(able, node => Ledger.MayLieOn(map, vip, node))))
        {
            if (isDue && dark > HandoverMax)
                throw new CheckFailedException(
                    world,
                    $"VIP {vip.Address} of {vip.Owner} ({vip.Phase}) has been dark for {dark / 1000} ms, {(world.Now - world.QuietSince) / 1000} ms "
                    + $"after the last fault.");
        }
    }
}
