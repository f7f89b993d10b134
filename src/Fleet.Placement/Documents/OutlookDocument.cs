using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Placement.Advice;
using Fleet.Placement.Model;
using Fleet.Shared.Model;

namespace Fleet.Placement.Documents;

/// <summary>What <c>pbm whatif --json</c> prints.</summary>
/// <param name="Version">The map that the answer was computed from; null for a file.</param>
/// <param name="Failover">What happens at once; left out when nothing fails.</param>
/// <param name="Moves">What the planner would then do.</param>
/// <param name="After">When that is done.</param>
/// <param name="Infeasible">Why no placement at all could be protected; left out where one may exist.</param>
public sealed record OutlookDocument(
    MapVersion? Version,
    StandingPart Before,
    FailoverPart? Failover,
    MovesPart Moves,
    ImmutableArray<Unplaced> Unplaced,
    StandingPart After,
    string? Infeasible)
{
    public static OutlookDocument From(Outlook outlook, MapVersion? version) => new(
        version,
        StandingPart.From(outlook.Before),
        outlook.Failover is { } failover
            ? new FailoverPart(failover.Failed, failover.Moves, failover.Dropped, StandingPart.From(failover.Standing))
            : null,
        MovesPart.From(outlook.Planned),
        outlook.Planned.Plan.Unplaced,
        StandingPart.From(outlook.After),
        outlook.Planned.Shortage?.Sentence);
}

/// <summary>Who dies and who takes over.</summary>
/// <param name="Dropped">What has no live standby.</param>
public sealed record FailoverPart(
    ImmutableArray<NodeName> Failed, ImmutableArray<PlannedMove> Moves, ImmutableArray<VipAddress> Dropped, StandingPart Standing);

/// <summary>How the fleet stands.</summary>
/// <param name="Fullest">The node that is fullest; null when nothing carries anything.</param>
public sealed record StandingPart(
    ImmutableArray<NodeLoad> Nodes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] NodeName? Fullest,
    ImmutableArray<VipAddress> Unserved,
    VerdictPart Protection)
{
    public static StandingPart From(Standing standing) => new(
        [.. standing.Nodes.Select(node => node with { Utilisation = node.Utilisation is { } part ? Figure.Finite(part) : null })],
        standing.Fullest?.Node,
        standing.Unserved,
        VerdictPart.From(standing.Protection));
}
