using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Faults;

/// <summary>The coordinator's disk fails: nothing can be read or written.</summary>
public sealed record StoreDown(TimeSpan At, TimeSpan For) : Fault(At)
{
    protected override bool Do(World world)
    {
        world.Store.IsUnreachable = true;
        world.After(For, () => world.Store.IsUnreachable = false);
        return true;
    }
}

/// <summary>The coordinator's disk is full: nothing can be written.</summary>
public sealed record FillDisk(TimeSpan At, TimeSpan For) : Fault(At)
{
    protected override bool Do(World world)
    {
        world.Store.IsFull = true;
        world.After(For, () => world.Store.IsFull = false);
        return true;
    }
}

/// <summary>A write to the coordinator's stable storage takes up to so many milliseconds.</summary>
public sealed record SlowDisk(TimeSpan At, TimeSpan For, int Milliseconds) : Fault(At)
{
    protected override bool Do(World world)
    {
        var before = world.Store.AppendMicros;
        world.Store.AppendMicros = (Milliseconds * 500, Milliseconds * 1000);
        world.After(For, () => world.Store.AppendMicros = before);
        return true;
    }
}

/// <summary>A node's disk is full or fails: its map cannot be kept.</summary>
public sealed record FailNodeDisk(TimeSpan At, string Node, TimeSpan For) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n =>
    {
        n.Disk.IsFull = true;
        world.After(For, () => n.Disk.IsFull = false);
        return true;
    });
}

/// <summary>A host's wall clock jumps, forwards or back; its monotonic clock does not.</summary>
public sealed record JumpClock(TimeSpan At, string? Node, TimeSpan By) : Fault(At)
{
    protected override bool Do(World world)
    {
        if (Node is null)
            world.Coordinator.Clock.WallError += By;
        else
            return OnNode(world, Node, n =>
            {
                n.Clock.WallError += By;
                return true;
            });
        return true;
    }
}

/// <summary>No address of a node can be bound anew.</summary>
public sealed record FailBinds(TimeSpan At, string Node, TimeSpan For) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n =>
    {
        n.Relay.BindsFail = true;
        world.After(For, () => n.Relay.BindsFail = false);
        return true;
    });
}

/// <summary>A node's data plane does not do as it is told.</summary>
public sealed record FailPlane(TimeSpan At, string Node, TimeSpan For, PlaneTrouble How) : Fault(At)
{
    protected override bool Do(World world) => OnNode(world, Node, n =>
    {
        n.Plane.Break(How);
        world.After(For, n.Plane.Mend);
        return true;
    });
}

/// <summary>A backend answers nobody.</summary>
public sealed record FailBackend(TimeSpan At, int Backend, TimeSpan For) : Fault(At)
{
    protected override bool Do(World world)
    {
        if (!world.Backends.Fail(Backend))
            return false;
        world.After(For, () => world.Backends.Mend(Backend));
        return true;
    }
}
