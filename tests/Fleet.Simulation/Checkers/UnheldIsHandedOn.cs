using Fleet.Coordinator.Planning;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// A lease alone serves nobody: where nothing is wrong with a world but that some nodes are dead and some can bind no address, a VIP that was served is served again within the bound, as long as a
/// node is there that may have it and has never been unable to. Each node that is unable, and was not known to be, may cost it a try.
/// </summary>
public sealed class UnheldIsHandedOn : IChecker
{
    private const long LookEvery = 5_000;

    /// <summary>A second in which its owner may try, and what it takes to report, to let go and to take.</summary>
    private const long TryMax = 1_500_000;

    private readonly Since<VipAddress> _dark = new();
    private readonly HashSet<VipAddress> _onceServed = [];
    private readonly HashSet<NodeName> _onceUnable = [];
    private long _next;

    public void Look(World world)
    {
        if (world.Now < _next)
            return;
        _next = world.Now + LookEvery;
        _onceUnable.UnionWith(world.Nodes.Values.Where(node => node.Relay.BindsFail).Select(node => node.Name));
        if (world.Coordinator.Leader is not { } leader || !Calm.IsButForBinds(world, leader))
        {
            _dark.Clear();
            return;
        }

        var served = world.Nodes.Values.SelectMany(node => node.Relay.Serving).ToHashSet();
        _onceServed.UnionWith(served);
        if (_onceUnable.Count == 0)
            return;
        var map = leader.State.Map;
        _onceServed.IntersectWith(map.Vips.Keys);
        _dark.Forget(vip => !map.Vips.ContainsKey(vip));
        var able = map.Nodes.Values.Where(node => node.TakesVips && !_onceUnable.Contains(node.Name) && Calm.IsWell(world.Nodes[node.Name], leader)).ToArray();
        var bound = Calm.LossMax(world, leader.State) + (_onceUnable.Count * (TryMax + (6 * world.Network.SlowestMicros)));
        foreach (var vip in map.Vips.Values)
        {
            var isOwnerMissed = vip.Owner is { } owner && world.Nodes.TryGetValue(owner, out var node) && Calm.IsDead(node) && !LossIsFound.IsWatched(world, leader, owner);
            var isMissed = !isOwnerMissed && !served.Contains(vip.Address) && _onceServed.Contains(vip.Address) && able.Any(n => Ledger.MayLieOn(map, vip, n));
            if (_dark.Lasts(vip.Address, isMissed, world.Now) is var dark && dark > bound)
                throw new CheckFailedException(world, $"VIP {vip.Address} of {vip.Owner} ({vip.Phase}) has been dark for {dark / 1000} ms, though others can hold it; the bound is {bound / 1000} ms.");
        }
    }
}
