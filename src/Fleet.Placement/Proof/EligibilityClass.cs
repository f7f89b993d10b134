using System.Collections.Immutable;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Proof;

/// <summary>The nodes of a site and segment, and the VIPs that can lie nowhere else; null asks for nothing.</summary>
internal readonly record struct EligibilityClass(SiteName? Site, string? Segment)
{
    /// <summary>What the VIPs of a problem ask for, and the whole fleet, in a stable order.</summary>
    public static ImmutableArray<EligibilityClass> Group(PlacementProblem problem) =>
        [.. problem.Vips.Select(vip => new EligibilityClass(vip.Site, vip.Segment)).Append(default).Distinct()
            .OrderBy(ask => ask.Site?.Value, StringComparer.Ordinal).ThenBy(ask => ask.Segment, StringComparer.Ordinal)];

    public bool Has(PlanNode node) => (Site is null || Site == node.Site) && (Segment is null || Segment == node.Segment);

    /// <summary>The VIP can lie on no node outside.</summary>
    public bool Confines(PlanVip vip) => (Site is null || Site == vip.Site) && (Segment is null || Segment == vip.Segment);

    public override string ToString() =>
        (Site, Segment) switch
        {
            (null, null) => "the fleet",
            ({ } site, null) => $"site {site}",
            (null, { } segment) => $"segment {segment}",
            ({ } site, { } segment) => $"segment {segment} of site {site}",
        };
}
