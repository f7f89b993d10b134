using Fleet.Shared.Model;

namespace Fleet.Simulation.Worlds;

/// <summary>What a world is made of before anything happens in it.</summary>
public sealed record WorldSettings
{
    public required int Seed { get; init; }

    /// <summary>adc-1 to adc-n.</summary>
    public required int Nodes { get; init; }

    /// <summary>Failure domains the nodes are dealt to; 0 gives each its own.</summary>
    public int Domains { get; init; }

    /// <summary>Sites the nodes are dealt to.</summary>
    public IReadOnlyList<string> Sites { get; init; } = ["here"];

    /// <summary>The most that a host's clock may run wrong, parts per million.</summary>
    public int ClockPpmMax { get; init; } = 500;

    public FleetPolicy Policy { get; init; } = FleetPolicy.Default with { VipPool = ["10.0.0.0/16"] };

    public IReadOnlyList<Service> Services { get; init; } = [];
}
