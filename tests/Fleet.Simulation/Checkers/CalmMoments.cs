using Fleet.Coordinator.Core;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>The moments of calm, every so many microseconds, for those who look at nothing else.</summary>
internal sealed class CalmMoments(long every, Func<World, Leader, bool> isCalm)
{
    /// <summary>Microseconds between two looks at what must not last for more than half a second.</summary>
    public const long Often = 5_000;

    private long _next;
    private Leader? _led;

    /// <summary>Since when it has been calm whenever it was looked at; null when it is not.</summary>
    public long? Since { get; private set; }

    /// <summary>The leader, when it is time to look and the world is calm.</summary>
    /// <param name="begins">Told first when it was not calm the last time: what was measured before counts no more.</param>
    public Leader? Next(World world, Action? begins = null)
    {
        if (world.Now < _next)
            return null;
        _next = world.Now + every;
        var leader = world.Coordinator.Leader is { } leading && isCalm(world, leading) ? leading : null;
        if (leader is not null && (Since is null || leader != _led))
        {
            begins?.Invoke();
            Since = world.Now;
        }

        _led = leader;
        Since = leader is null ? null : Since;
        return leader;
    }
}
