using Fleet.Coordinator.Ownership;
using Fleet.Shared.Map;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// A lease alone serves nobody: where nothing is wrong with a world but that some nodes are dead and some can bind no address, or have a data plane
/// that was in trouble, a VIP that was served is served again within the bound, as long as a node is there that may have it and has never been unable
/// to. Each node that is unable, and was not known to be, may cost it a try.
/// </summary>
public sealed class UnheldIsHandedOn : IChecker
{
    /// <summary>A second in which its owner may try, and what it takes to report, to let go and to take.</summary>
    private const long TryMax = 1_500_000;

    private readonly DarkVips _dark = new();
    private readonly CalmMoments _calm = new(CalmMoments.Often, Calm.IsButForBinds);

    public void Look(World world)
    {
        if (_calm.Next(world, _dark.Clear) is not { } leader)
            return;
        var unable = world.Nodes.Values.Count(node => node.HasBeenUnable);
        var map = leader.State.Map;
        NodeEntry[] able =
        [
            .. map.Nodes.Values.Where(node => node.TakesVips
                && world.Nodes[node.Name] is { HasBeenUnable: false } n && Calm.IsWell(n, leader)),
        ];
        var bound = Calm.LossMax(world, leader.State) + (unable * (TryMax + (6 * world.Network.SlowestMicros)));
        foreach (var (vip, dark) in _dark.Measure(world, leader, vip => Array.Exists(able, node => Ledger.MayLieOn(map, vip, node))))
        {
            if (unable > 0 && dark > bound)
                throw new CheckFailedException(
                    world,
                    $"VIP {vip.Address} of {vip.Owner} ({vip.Phase}) has been dark for {dark / 1000} ms, though others can hold it; the bound is "
                    + $"{bound / 1000} ms.");
        }
    }
}
