using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>No relay is told to hold anything beyond any lease that its host has had.</summary>
public sealed class LeasesBound : IChecker
{
    public void Look(World world)
    {
        world.Touched?.SeeLease();
        if (world.Renewed is not { } node)
            return;
        world.Renewed = null;
        if (node.Relay.Until > node.GrantedUntil)
            throw new CheckFailedException(world, $"{node.Name}'s relay holds until {node.Relay.Until}, its lease ends at {node.GrantedUntil}.");
    }
}
