using System.Collections.Immutable;

namespace Fleet.Shared.Model;

/// <summary>
/// Protection: any <see cref="Nodes"/> nodes, and any <see cref="Domains"/> failure domains, may fail and no survivor exceeds its capacity.
/// </summary>
/// <param name="Nodes">k, 1 to 4.</param>
/// <param name="Domains">0 or 1.</param>
/// <param name="UtilisationMax">What part of a node's capacity may be used, 0 to 1.</param>
public sealed record Protection(int Nodes, int Domains, double UtilisationMax)
{
    public static readonly Protection Default = new(1, 0, 1.0);
}

/// <summary>How placement moves load about.</summary>
/// <param name="ShareMax">The most of one node that one VIP may carry, 0 to 1.</param>
/// <param name="MovesInFlightMax">The most of the fleet's VIPs that may be on the move at once by plan, 0 to 1; recovery is not bounded.</param>
/// <param name="BalanceBand">Differences in utilisation below this are left alone, 0 to 1.</param>
/// <param name="DrainMinMs">How long a VIP is out of the DNS answers before it moves by plan, at least.</param>
/// <param name="DemandWindowMs">How far back a VIP's demand is measured.</param>
/// <param name="DemandPercentile">The part of the time in which the demand was no more than what counts, 0 to 1.</param>
/// <param name="DemandMargin">The factor that measured demand is multiplied by.</param>
public sealed record PlacementPolicy(
    double ShareMax,
    double MovesInFlightMax,
    double BalanceBand,
    int DrainMinMs,
    int DemandWindowMs = 600_000,
    double DemandPercentile = 0.95,
    double DemandMargin = 1.2)
{
    public static readonly PlacementPolicy Default = new(0.05, 0.10, 0.02, 250);
}

/// <summary>What the whole fleet agrees on; it travels in every map.</summary>
/// <param name="VipPool">
/// Ranges such as <c>10.1.0.1-10.1.0.99</c> or <c>10.2.0.0/24</c> that services take addresses from when they name none.
/// </param>
public sealed record FleetPolicy(
    string Cluster,
    LeaseTerms Lease,
    Protection Protection,
    PlacementPolicy Placement,
    GslbZone Zone,
    ImmutableArray<string> VipPool)
{
    public static readonly FleetPolicy Default =
        new("fleet", LeaseTerms.Default, Protection.Default, PlacementPolicy.Default, GslbZone.Default, []);
}
