using System.Collections.Immutable;

namespace Fleet.Placement.Advice;

/// <summary>What a fleet is to be bought for.</summary>
/// <param name="TargetBps">What must still flow after the failure, bit/s.</param>
/// <param name="ApplianceBps">The capacity of one node.</param>
/// <param name="UtilisationMax">The part of a node that may be used, 0 to 1.</param>
/// <param name="Headroom">The part of that which stays free even after the failure, 0 to 1.</param>
/// <param name="Domains">Over how many failure domains the nodes are spread evenly; less than 2 asks nothing about domains.</param>
/// <param name="ShareMax">The most of a node that one VIP may carry by policy, 0 to 1.</param>
public sealed record Wish(long TargetBps, long ApplianceBps, double UtilisationMax = 1, double Headroom = 0, int Domains = 0, double ShareMax = 0.05)
{
    /// <summary>The part of a node that counts, bit/s.</summary>
    public long UsableBps => (long)(ApplianceBps * (decimal)UtilisationMax * (1 - (decimal)Headroom));
}

/// <summary>A fleet that survives what it is protected from.</summary>
/// <param name="Failures">How many nodes may fail: k, or the nodes of the largest domain.</param>
/// <param name="Domains">Null for any k nodes; the number of domains of which any one may fail.</param>
/// <param name="Working">How many nodes must survive to carry the target.</param>
/// <param name="ExtraPercent">The cost of the protection: nodes beyond <paramref name="Working"/>, in per cent of them.</param>
/// <param name="Utilisation">Of a node's capacity in normal times.</param>
/// <param name="UtilisationAfter">The same after the failure.</param>
/// <param name="OneNodePercent">What the failure of one node costs in per cent of the fleet's capacity.</param>
/// <param name="FailurePercent">The same for all the failures it is protected from at once.</param>
/// <param name="ShareMax">
/// The largest part of a node that one VIP may carry so that, whatever the mix of sizes, no survivor gets too much; 0 when the survivors are so full
/// that no lump fits beside the even share.
/// </param>
/// <param name="Vips">
/// How many VIPs the target needs: none larger than that share or the policy's, and as many on every node; null when no share is small enough.
/// </param>
/// <param name="EqualVips">
/// How few would do if all were of one size and always spread evenly; null when more than <see cref="ShareSizing.VipsMax"/>.
/// </param>
public sealed record FleetSize(
    int Nodes,
    int Failures,
    int? Domains,
    int Working,
    double ExtraPercent,
    double Utilisation,
    double UtilisationAfter,
    double OneNodePercent,
    double FailurePercent,
    double ShareMax,
    int? Vips,
    int? EqualVips)
{
    /// <summary>What it is protected from, in words.</summary>
    public string Protection => (Domains, Failures) switch
    {
        ({ } domains, _) => $"any domain of {domains}",
        (_, 0) => "none",
        (_, 1) => "any 1 node",
        _ => $"any {Failures} nodes",
    };
}

/// <summary>Sizes for no protection, for k = 1, 2 and 4 and, where domains are asked about, for any one of them.</summary>
public sealed record Sizes(Wish Wish, ImmutableArray<FleetSize> Rows);
