using Fleet.Simulation.Runtime;
using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>Agent and relay die.</summary>
public sealed record Kill(TimeSpan At, string Node) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n => n.Kill());
}

/// <summary>The host loses power: nothing says goodbye, not even its kernel, and what its disk had not yet written may be gone.</summary>
public sealed record PowerOff(TimeSpan At, string Node) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n =>
    {
        if (!n.IsThere)
            return false;
        CutOff.From(world, Node);
        n.PowerOff();
        return true;
    });
}

/// <summary>Its relay goes on until its lease's end.</summary>
public sealed record KillAgent(TimeSpan At, string Node) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n => n.KillAgent());
}

/// <summary>The data plane's process dies; its agent lives.</summary>
public sealed record KillRelay(TimeSpan At, string Node) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n => n.Relay.KillServing());
}

/// <summary>What does not run on the host is started.</summary>
public sealed record Start(TimeSpan At, string Node) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n =>
    {
        if (n.Agent.State != ProcessState.Dead || n.HasStopped)
            return false;
        n.Start();
        return true;
    });
}

/// <summary>SIGSTOP, and SIGCONT later.</summary>
public sealed record Pause(TimeSpan At, string Node, TimeSpan For, bool WithRelay) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n =>
    {
        if (!n.Agent.IsRunning)
            return false;
        n.Agent.Pause();
        if (WithRelay)
            n.Relay.Pause();
        world.After(For, () =>
        {
            world.Log($"{Node} is continued");
            n.Relay.Continue();
            n.Agent.Continue();
        });
        return true;
    });
}

/// <summary>Its agent goes on, and gets no answers from it.</summary>
public sealed record PauseRelay(TimeSpan At, string Node, TimeSpan For) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n =>
    {
        if (!n.Relay.IsThere)
            return false;
        n.Relay.Pause();
        world.After(For, n.Relay.Continue);
        return true;
    });
}

/// <summary>The agents and relays of all nodes stand still, and go on one after the other within 100 ms.</summary>
public sealed record StallAll(TimeSpan At, TimeSpan For, int Chance) : Fault(At)
{
    protected override bool Do(World world)
    {
        var chance = new Random(Chance);
        foreach (var node in world.Nodes.Values)
        {
            node.Agent.Pause();
            node.Relay.Pause();
            world.After(For + TimeSpan.FromMicroseconds(chance.Next(100_000)), () =>
            {
                node.Relay.Continue();
                node.Agent.Continue();
            });
        }

        return true;
    }
}

/// <summary>SIGTERM: the agent hands over and goes.</summary>
public sealed record Stop(TimeSpan At, string Node) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n => n.Stop());
}

/// <summary>kill -9; of several, the leader, unless one is named.</summary>
public sealed record KillCoordinator(TimeSpan At, string? Coordinator = null) : Fault(At)
{
    protected override bool Do(World world) => world.CoordinatorOf(Coordinator)?.Kill() == true;
}

/// <summary>Its host loses power, and what its disk had not yet written may be gone.</summary>
public sealed record PowerOffCoordinator(TimeSpan At, string? Coordinator = null) : Fault(At)
{
    protected override bool Do(World world) => world.CoordinatorOf(Coordinator)?.PowerOff() == true;
}

/// <summary>SIGTERM: of several, the leader, unless one is named, gives the leadership back and ends.</summary>
public sealed record TerminateCoordinator(TimeSpan At, string? Coordinator = null) : Fault(At)
{
    protected override bool Do(World world) => world.Storage is not null && world.CoordinatorOf(Coordinator)?.Terminate() == true;
}

/// <summary>It goes on where it was; of several, all that do not run, unless one is named.</summary>
public sealed record StartCoordinator(TimeSpan At, string? Coordinator = null) : Fault(At)
{
    protected override bool Do(World world) =>
        world.Coordinators.Where(c => Coordinator is null || c.Name == Coordinator).Aggregate(false, (any, c) => c.Start() || any);
}

/// <summary>SIGSTOP, and SIGCONT later.</summary>
public sealed record PauseCoordinator(TimeSpan At, TimeSpan For, string? Coordinator = null) : Fault(At)
{
    protected override bool Do(World world)
    {
        if (world.CoordinatorOf(Coordinator)?.Process is not { IsRunning: true } process)
            return false;
        process.Pause();
        world.After(For, process.Continue);
        return true;
    }
}
