using Fleet.Coordinator.State;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>The moments of calm, every so many microseconds, for those who look at nothing else.</summary>
internal sealed class CalmMoments(long every, Func<World, Leader, bool> isCalm)
{
    private bool _wasCalm;
    private long _next;

    /// <summary>The leader, when it is time to look and the world is calm.</summary>
    /// <param name="begins">Told first when it was not calm the last time: what was measured before counts no more.</param>
    public Leader? Next(World world, Action begins)
    {
        if (world.Now < _next)
            return null;
        _next = world.Now + every;
        var leader = world.Coordinator.Leader is { } leading && isCalm(world, leading) ? leading : null;
        if (leader is not null && !_wasCalm)
            begins();
        _wasCalm = leader is not null;
        return leader;
    }
}
