namespace Fleet.Placement.Generator;

/// <summary>How demand is spread over VIPs.</summary>
public enum DemandShape
{
    Uniform,

    /// <summary>The i-th asks for 1/i of the first.</summary>
    Zipf,

    LogNormal,
}

/// <summary>What an instance starts from.</summary>
public enum StartState
{
    /// <summary>Nobody owns anything.</summary>
    Fresh,

    /// <summary>The placement that is known to be good.</summary>
    Settled,

    /// <summary>That placement with one VIP in ten on another node, and without standbys.</summary>
    Disturbed,
}

/// <summary>What an instance is made to be.</summary>
/// <param name="Class">The row of the table it belongs to.</param>
/// <param name="Fill">
/// Demand by what the protection allows, which is the capacity left after the worst failure; less where the known placement cannot take it.
/// </param>
/// <param name="IsLumpy">VIPs may be larger than <c>share-max</c> of the smallest node.</param>
public sealed record InstanceShape(
    string Class,
    int Seed,
    int Nodes,
    int Vips,
    DemandShape Demand,
    int Domains,
    int Sites,
    bool IsUnequal,
    int ProtectedNodes,
    int ProtectedDomains,
    bool HasConnections,
    bool IsLumpy,
    double Fill,
    StartState Start);
