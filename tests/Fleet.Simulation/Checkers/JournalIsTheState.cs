using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// What the journal folds to, read back from its text, is what the leader works by; and in it no VIP belongs to a node that is not in the fleet.
/// </summary>
public sealed class JournalIsTheState : IChecker
{
    private MapVersion _looked;

    public void Look(World world)
    {
        if (world.Coordinator.Leader is not { } leader || leader.State.Map.Version == _looked)
            return;
        var map = leader.State.Map;
        _looked = map.Version;
        if (world.Store.Folded.Map.Version == map.Version && JournalView.Text(world.Store.Folded) != JournalView.Text(leader.State))
        {
            throw new CheckFailedException(
                world,
                $"At {map.Version} the journal folds to\n{JournalView.Text(world.Store.Folded)}\nand the leader "
                + $"has\n{JournalView.Text(leader.State)}");
        }

        foreach (var vip in map.Vips.Values)
        {
            if (vip.Owner is { } owner && !map.Nodes.ContainsKey(owner))
                throw new CheckFailedException(world, $"VIP {vip.Address} belongs to {owner}, which is not in the fleet.");
        }
    }
}
