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
}
