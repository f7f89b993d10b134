using System.Text.Json;
using Fleet.Coordinator.Commands;
using Fleet.Shared.Model;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>
/// Something that is done to a world at a moment of true time. A fault that makes no sense then, such as killing the dead, does nothing.
/// </summary>
public abstract record Fault(TimeSpan At)
{
    /// <summary>As it is called in options and counts: <c>kill-agent</c>.</summary>
    public string Kind => JsonNamingPolicy.KebabCaseLower.ConvertName(GetType().Name);

    /// <summary>For how long it goes on by itself after it has struck; what it breaks may stay broken for longer.</summary>
    public virtual TimeSpan Lasts => TimeSpan.Zero;

    public void Strike(World world)
    {
        // Who is not named is not said.
        world.Log($"FAULT {ToString().Replace($", {nameof(KillCoordinator.Coordinator)} =  }}", " }", StringComparison.Ordinal)}");
        if (Do(world))
            world.Tally.Count(Kind);
    }

    /// <summary>Returns whether it made sense.</summary>
    protected abstract bool Do(World world);

    protected static bool OnNode(World world, string node, Func<SimNode, bool> what) =>
        world.Nodes.TryGetValue(new NodeName(node), out var found) && what(found);

    /// <summary>Trouble does not ask whether it breaks the protection.</summary>
    private protected static bool Ask(World world, Command command, bool force = true)
    {
        world.Coordinator.Ask(command, decision => world.Log($"operator is told: {decision}"), force);
        return true;
    }
}
