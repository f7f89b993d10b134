using Fleet.Coordinator.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// The twin of <see cref="OneOwner"/>: a node that has died while the world was calm is called lost within the bound, and a VIP that nobody serves is
/// served again 200 ms after that, as long as somebody is there who may.
/// </summary>
public sealed class LossIsFound : IChecker
{
    private const long TakeMax = 200_000;

    private readonly Since<NodeName> _dead = new();
    private readonly DarkVips _dark = new();
    private readonly CalmMoments _calm = new(CalmMoments.Often, Calm.Is);

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
            var isMissed = Calm.IsDead(node)
                && leader.State.Map.Nodes.GetValueOrDefault(node.Name) is { Presence: NodePresence.Up }
                && Calm.IsWitnessed(world, leader, node.Name);
            if (_dead.Lasts(node.Name, isMissed, world.Now) is var dead && dead > bound)
                throw new CheckFailedException(
                    world, $"{node.Name} has been dead for {dead / 1000} ms of calm and is not called lost; the bound is {bound / 1000} ms.");
        }
    }

    private void LookAtVips(World world, Leader leader, long bound)
    {
        var isAnybodyThere = leader.State.Map.Nodes.Values.Any(n => n.TakesVips && !Calm.IsDead(world.Nodes[n.Name]));
        foreach (var (vip, dark) in _dark.Measure(world, leader, _ => isAnybodyThere))
        {
            if (dark > bound)
                throw new CheckFailedException(
                    world,
                    $"VIP {vip.Address} of {vip.Owner} ({vip.Phase}) has been dark for {dark / 1000} ms of calm; the bound is {bound / 1000} ms.");
        }
    }
}
