using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// The twin of <see cref="OneOwner"/>: a node that has died while the world was calm is called lost within the bound, and a VIP that nobody serves is served again 200 ms after that, as long as
/// somebody is there who may.
/// </summary>
public sealed class LossIsFound : IChecker
{
    private const long LookEvery = 5_000;
    private const long TakeMax = 200_000;

    private readonly Since<NodeName> _dead = new();
    private readonly Since<VipAddress> _dark = new();
    private readonly HashSet<VipAddress> _onceServed = [];
    private readonly CalmMoments _calm = new(LookEvery);

    public void Look(World world)
    {
        if (_calm.Next(world, Begin) is not { } leader)
            return;
        var bound = Calm.LossMax(world, leader.State);
        LookAtNodes(world, leader, bound);
        LookAtVips(world, leader, bound + TakeMax);
    }

    private void Begin()
    {
        _dead.Clear();
        _dark.Clear();
    }

    private void LookAtNodes(World world, Leader leader, long bound)
    {
        foreach (var node in world.Nodes.Values)
        {
            var isMissed = Calm.IsDead(node) && leader.State.Map.Nodes.GetValueOrDefault(node.Name) is { Presence: NodePresence.Up } && IsWatched(world, leader, node.Name);
            if (_dead.Lasts(node.Name, isMissed, world.Now) is var dead && dead > bound)
                throw new CheckFailedException(world, $"{node.Name} has been dead for {dead / 1000} ms of calm and is not called lost; the bound is {bound / 1000} ms.");
        }
    }

    private void LookAtVips(World world, Leader leader, long bound)
    {
        var served = world.Nodes.Values.SelectMany(n => n.Relay.Serving).ToHashSet();
        _onceServed.UnionWith(served);
        var map = leader.State.Map;
        _onceServed.IntersectWith(map.Vips.Keys);
        _dark.Forget(vip => !map.Vips.ContainsKey(vip));
        var isAnybodyThere = map.Nodes.Values.Any(n => n is { TakesVips: true });
        foreach (var vip in map.Vips.Values)
        {
            var isOwnerMissed = vip.Owner is { } owner && world.Nodes.TryGetValue(owner, out var node) && Calm.IsDead(node) && !IsWatched(world, leader, owner);
            var isMissed = isAnybodyThere && !isOwnerMissed && _onceServed.Contains(vip.Address) && !served.Contains(vip.Address);
            if (_dark.Lasts(vip.Address, isMissed, world.Now) is var dark && dark > bound)
                throw new CheckFailedException(world, $"VIP {vip.Address} of {vip.Owner} ({vip.Phase}) has been dark for {dark / 1000} ms of calm; the bound is {bound / 1000} ms.");
        }
    }

    /// <summary>Of every set of watchers that it may be renewing by so many are there that the others are no quorum.</summary>
    internal static bool IsWatched(World world, Leader leader, NodeName node) =>
        leader.State.WatcherSets.GetValueOrDefault(node, []) is { IsEmpty: false } sets
        && sets.All(set => set.Watchers.Count(w => world.Nodes.TryGetValue(w, out var watcher) && !Calm.IsDead(watcher)) > set.Watchers.Length / 2);
}
