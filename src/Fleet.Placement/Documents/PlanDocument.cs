using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Placement.Advice;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;

namespace Fleet.Placement.Documents;

/// <summary>The output of <c>pbm plan</c>. Equal problems give equal texts, in whatever order their nodes and VIPs are listed.</summary>
/// <param name="Version">The map that the problem was read from; null for a file.</param>
/// <param name="Assignments">Sorted by address.</param>
/// <param name="Infeasible">Why no placement at all can be protected; null where one may exist.</param>
public sealed record PlanDocument(
    MapVersion? Version,
    ImmutableArray<Assignment> Assignments,
    ImmutableArray<Unplaced> Unplaced,
    VerdictPart Protection,
    MovesPart Moves,
    BalancePart Balance,
    SpreadsPart Spread,
    string? Infeasible)
{
    public static PlanDocument From(Planned planned, MapVersion? version) => new(
        version,
        planned.Plan.Assignments,
        planned.Plan.Unplaced,
        VerdictPart.From(planned.Verdict),
        MovesPart.From(planned),
        new BalancePart(Figure.Finite(planned.Certificate.UtilisationMax), Figure.Finite(planned.Certificate.UtilisationBound)),
        new SpreadsPart(SpreadPart.From(planned.Certificate.OnNodes), SpreadPart.From(planned.Certificate.OnDomains)),
        planned.Shortage?.Sentence);
}

/// <summary>What the proof says.</summary>
/// <param name="Worst">
/// The failure set that is worst for a survivor: the counter-example when loads break the protection; null when nothing is placed.
/// </param>
/// <param name="UtilisationMax">No survivor is fuller than this after any failure set.</param>
/// <param name="Broken">Rules broken that do not depend on loads, in sentences; left out when there are none.</param>
public sealed record VerdictPart(
    bool Holds,
    ProofMethod Method,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] WorstPart? Worst,
    double? UtilisationMax,
    ImmutableArray<string>? Broken)
{
    public static VerdictPart From(ProtectionVerdict verdict) => new(
        verdict.Holds,
        verdict.Method,
        verdict.Worst is { } worst ? WorstPart.From(worst) : null,
        Figure.Finite(verdict.UtilisationMax ?? 0),
        verdict.Broken.IsEmpty ? null : verdict.Broken);
}

/// <summary>One failure set and the survivor that suffers most.</summary>
/// <param name="Utilisation">1 is full; null is a node with load and no capacity.</param>
/// <param name="ExcessBps">What it would carry above its limit; left out when it fits.</param>
/// <param name="ExcessCps">The same in connections per second.</param>
public sealed record WorstPart(
    ImmutableArray<NodeName> Failed,
    NodeName Node,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Utilisation,
    long? ExcessBps,
    long? ExcessCps)
{
    public static WorstPart From(WorstCase worst) => new(
        worst.Failed,
        worst.Node,
        Figure.Finite(worst.Utilisation),
        worst.ExcessBps > 0 ? worst.ExcessBps : null,
        worst.ExcessCps > 0 ? worst.ExcessCps : null);
}

/// <summary>What moves, beside the least that must.</summary>
/// <param name="List">In the order in which they should be made.</param>
public sealed record MovesPart(int Count, long Bps, long LowerBoundBps, ImmutableArray<PlannedMove> List)
{
    public static MovesPart From(Planned planned) =>
        new(planned.Certificate.Moves, planned.Certificate.MovedBps, planned.Certificate.MovedBpsBound, planned.Plan.Moves);
}

/// <summary>
/// The highest utilisation in normal operation, beside the least that is possible; null is beyond all bounds: load and no capacity.
/// </summary>
public sealed record BalancePart(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? UtilisationMax,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? LowerBound);

/// <summary>How concentrated the VIPs of one service are.</summary>
public sealed record SpreadsPart(SpreadPart Nodes, SpreadPart Domains);

/// <summary>The most concentrated service, beside the least that is possible.</summary>
/// <param name="Service">Null when nothing is placed.</param>
/// <param name="Most">The most of its VIPs in one place.</param>
public sealed record SpreadPart(ServiceName? Service, int Most, int LowerBound)
{
    public static SpreadPart From(Spread spread) => new(spread.Service, spread.Most, spread.Bound);
}

/// <summary>Utilisations as they are written: to a billionth, which is finer than any of them is meant.</summary>
internal static class Figure
{
    /// <summary>JSON has no word for infinity.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 9) : null;
}
