using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// No acknowledgement, map, order or answer leaves a coordinator beyond its leadership, neither by its own clock nor by the one of the store that
/// gave it.
/// </summary>
public sealed class AcknowledgesInTime : IChecker
{
    public void Look(World world)
    {
        if (world.Election.Broken is { } law)
            throw new CheckFailedException(world, law);
    }
}
