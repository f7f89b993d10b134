using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Checkers;

/// <summary>Looks at the world after every event and throws <see cref="CheckFailedException"/> when a law is broken.</summary>
public interface IChecker
{
    void Look(World world);
}

public sealed class CheckFailedException(World world, string law)
    : Exception($"{law}\nThe last of what happened:\n{world.Trace}\n")
{
    public string Law => law;

    /// <summary>What is equal in all worlds that break this law.</summary>
    public string Name { get; } = LawName.Spell(law);

    /// <summary>The moment of true time when it was found.</summary>
    public TimeSpan At { get; } = world.Elapsed;
}
