using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>
/// No acknowledgement, map, order or answer leaves a coordinator beyond its leadership, neither by its own clock nor by the one of the store that
/// gave it; nor, of several coordinators, any of an older term than one that has acknowledged something already, or two at one time.
/// </summary>
public sealed class AcknowledgesInTime : IChecker
{
    public void Look(World world)
    {
        if ((world.Election.Broken ?? world.Rights.Broken) is { } law)
            throw new CheckFailedException(world, law);
    }
}
