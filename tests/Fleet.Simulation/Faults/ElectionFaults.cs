using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>Most of what the leader says to renew its leadership does not arrive, or is not answered.</summary>
public sealed record LoseRenewals(TimeSpan At, TimeSpan For) : Fault(At)
{
    public override TimeSpan Lasts => For;

    protected override bool Do(World world)
    {
        world.Election.LosesRenewals = true;
        world.After(For, () => world.Election.LosesRenewals = false);
        return world.Settings.Leadership > TimeSpan.Zero;
    }
}

/// <summary>What the leader says to renew its leadership takes up to so many milliseconds each way.</summary>
public sealed record SlowRenewals(TimeSpan At, TimeSpan For, int Milliseconds) : Fault(At)
{
    public override TimeSpan Lasts => For;

    protected override bool Do(World world)
    {
        world.Election.SlowMs = Milliseconds;
        world.After(For, () => world.Election.SlowMs = 0);
        return world.Settings.Leadership > TimeSpan.Zero;
    }
}

/// <summary>The store refuses to renew: it has forgotten who leads, say.</summary>
public sealed record RefuseRenewals(TimeSpan At) : Fault(At)
{
    protected override bool Do(World world) => world.Election.Refuse();
}
