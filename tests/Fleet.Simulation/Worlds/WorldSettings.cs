using Fleet.Shared.Model;
using Fleet.Simulation.Stores;

namespace Fleet.Simulation.Worlds;

/// <summary>What a world is made of before anything happens in it.</summary>
public sealed record WorldSettings
{
    public required int Seed { get; init; }

    /// <summary>adc-1 to adc-n.</summary>
    public required int Nodes { get; init; }

    /// <summary>One has a store of its own, on its disk; several share a replicated one, and each may lead.</summary>
    public int Coordinators { get; init; } = 1;

    /// <summary>What the replicated store does wrong, for tests of the checkers.</summary>
    public StoreFlaw StoreFlaw { get; init; }

    /// <summary>Failure domains the nodes are dealt to; 0 gives each its own.</summary>
    public int Domains { get; init; }

    /// <summary>Sites the nodes are dealt to.</summary>
    public IReadOnlyList<string> Sites { get; init; } = ["here"];

    /// <summary>The most that a host's clock may run wrong, parts per million.</summary>
    public int ClockPpmMax { get; init; } = 500;

    public FleetPolicy Policy { get; init; } = FleetPolicy.Default with { VipPool = ["10.0.0.0/16"] };

    public IReadOnlyList<Service> Services { get; init; } = [];

    /// <summary>One node starts so long after the other; together, when it is nothing.</summary>
    public TimeSpan StartApart { get; init; }

    /// <summary>Nodes keep a second relay ready.</summary>
    public bool Spares { get; init; } = true;

    /// <summary>How long a relay lives without an agent.</summary>
    public TimeSpan OrphanMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many operators change and read services of their own all the time.</summary>
    public int Operators { get; init; }

    /// <summary>How many clients ask for a service and connect to it all the time.</summary>
    public int Clients { get; init; }

    /// <summary>
    /// A leadership runs out after so long unless it is renewed, as with a store on other hosts; nothing: never, as with a lock of the leader's own.
    /// </summary>
    public TimeSpan Leadership { get; init; }

    /// <summary>Entries between two snapshots.</summary>
    public int SnapshotEvery { get; init; } = 1000;
}
