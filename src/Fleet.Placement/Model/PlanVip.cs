using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Placement.Model;

/// <summary>A VIP as placement sees it.</summary>
public sealed record PlanVip
{
    public required VipAddress Address { get; init; }

    public required ServiceName Service { get; init; }

    /// <summary>The only site it may lie in; null is any.</summary>
    public SiteName? Site { get; init; }

    /// <summary>The only layer-2 segment it may lie in; null is any.</summary>
    public string? Segment { get; init; }

    public required Load Demand { get; init; }

    /// <summary>Who holds it, or will when the move under way is done; null is nobody.</summary>
    public NodeName? Owner { get; init; }

    /// <summary>Who takes it if its owner is lost, as named before: good ones are kept.</summary>
    public ImmutableArray<NodeName> Standbys { get; init; } = [];

    /// <summary>Its site and segment allow the node, whatever state that is in.</summary>
    public bool MayLieOn(PlanNode node) => (Site is null || Site == node.Site) && (Segment is null || Segment == node.Segment);
}
