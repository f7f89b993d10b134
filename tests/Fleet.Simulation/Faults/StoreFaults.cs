using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>The store that several coordinators share answers nobody, or says that it is not available.</summary>
public sealed record TakeStoreAway(TimeSpan At, TimeSpan For, bool Refuses) : Fault(At)
{
    public override TimeSpan Lasts => For;

    protected override bool Do(World world)
    {
        (world.StoreTrouble.IsAway, world.StoreTrouble.Refuses) = (true, Refuses);
        world.After(For, () => world.StoreTrouble.IsAway = false);
        return world.Storage is not null;
    }
}

/// <summary>The store takes up to so many milliseconds more, each way.</summary>
public sealed record SlowStore(TimeSpan At, TimeSpan For, int Milliseconds) : Fault(At)
{
    public override TimeSpan Lasts => For;

    protected override bool Do(World world)
    {
        world.StoreTrouble.SlowMs = Milliseconds;
        world.After(For, () => world.StoreTrouble.SlowMs = 0);
        return world.Storage is not null;
    }
}

/// <summary>So many calls of the store are not answered, and are carried out, or not, or later.</summary>
public sealed record MuddleStore(TimeSpan At, TimeSpan For, double Part) : Fault(At)
{
    public override TimeSpan Lasts => For;

    protected override bool Do(World world)
    {
        world.StoreTrouble.Ambiguous = Part;
        world.After(For, () => world.StoreTrouble.Ambiguous = 0);
        return world.Storage is not null;
    }
}

/// <summary>The store forgets who leads.</summary>
public sealed record LoseSession(TimeSpan At) : Fault(At)
{
    protected override bool Do(World world) => world.Storage?.LoseSession() == true;
}

/// <summary>A coordinator that waits takes the leadership from whoever leads, who is well.</summary>
public sealed record Depose(TimeSpan At) : Fault(At)
{
    protected override bool Do(World world)
    {
        if (world.Storage?.Leader is not { } leader)
            return false;
        var standby = world.Coordinators.FirstOrDefault(c => c.Process.IsRunning && c.Link != leader.Address.Link);
        return standby?.Depose(leader.Term) == true;
    }
}

/// <summary>Which way between two is cut.</summary>
public enum CutWay
{
    Both,

    /// <summary>From the coordinator.</summary>
    Out,

    /// <summary>To the coordinator.</summary>
    In,
}

/// <summary>A coordinator does not reach the store, or does not hear it, or neither. Without a name it is the leader.</summary>
public sealed record CutFromStore(TimeSpan At, TimeSpan For, CutWay Way, string? Coordinator = null) : Fault(At)
{
    public override TimeSpan Lasts => For;

    protected override bool Do(World world) => Apart.Cut(world, Coordinator, [Stores.StoreWire.Store], Way, For);
}

/// <summary>A coordinator and all nodes, likewise.</summary>
public sealed record CutFromNodes(TimeSpan At, TimeSpan For, CutWay Way, string? Coordinator = null) : Fault(At)
{
    public override TimeSpan Lasts => For;

    protected override bool Do(World world) => Apart.Cut(world, Coordinator, world.Nodes.Keys.Select(n => n.Value), Way, For);
}

/// <summary>A coordinator and all others, likewise.</summary>
public sealed record CutFromCoordinators(TimeSpan At, TimeSpan For, CutWay Way, string? Coordinator = null) : Fault(At)
{
    public override TimeSpan Lasts => For;

    protected override bool Do(World world) => Apart.Cut(world, Coordinator, world.Coordinators.Select(c => c.Name), Way, For);
}

internal static class Apart
{
    public static bool Cut(World world, string? coordinator, IEnumerable<string> others, CutWay way, TimeSpan span)
    {
        if (world.CoordinatorOf(coordinator) is not { } found || world.Storage is null)
            return false;
        (string From, string To)[] ways =
        [
            .. others.Where(other => other != found.Name).SelectMany(other => ((string, string)[])
            [
                .. way is CutWay.In ? [] : ((string, string)[])[(found.Name, other)],
                .. way is CutWay.Out ? [] : ((string, string)[])[(other, found.Name)],
            ]),
        ];
        foreach (var (from, to) in ways)
            world.Network.Cut(from, to);
        world.After(span, () =>
        {
            foreach (var (from, to) in ways)
                world.Network.Mend(from, to);
        });
        return ways.Length > 0;
    }
}
