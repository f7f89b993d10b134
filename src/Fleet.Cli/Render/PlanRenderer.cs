using Fleet.Cli.Messages;
using Fleet.Placement.Advice;
using Fleet.Placement.Model;
using Fleet.Placement.Proof;
using Fleet.Shared.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm plan</c> prints.</summary>
internal static class PlanRenderer
{
    /// <summary>The verdict comes last, where the eye is.</summary>
    public static IRenderable Show(Planned planned, MapVersion? version)
    {
        IRenderable[] of = version is { } map ? [new Text($"Planned from map {map}."), Text.Empty] : [];
        return Tables.Stack(
        [
            .. of,
            Assignments(planned),
            Text.Empty,
            .. Moves(planned.Plan, planned.Problem),
            .. Unplaced(planned.Plan),
            Certificate(planned.Certificate),
            Text.Empty,
            .. Verdict(planned, Proof(planned.Verdict)),
        ]);
    }

    /// <summary>Moves in the order in which they are made; nothing when there are none.</summary>
    internal static IEnumerable<IRenderable> Moves(PlacementPlan plan, PlacementProblem problem)
    {
        if (plan.Moves.IsEmpty)
            return [];
        var demands = problem.Vips.ToDictionary(vip => vip.Address, vip => vip.Demand.Bps);
        var table = Tables.WithColumns("MOVES", "FROM", "TO", ">DEMAND", "WHY");
        foreach (var move in plan.Moves)
            table.Row(move.Address, move.From, move.To, Words.Rate(demands[move.Address]), Words.Why(move.Reason));
        return [table, Text.Empty];
    }

    internal static IEnumerable<IRenderable> Unplaced(PlacementPlan plan)
    {
        if (plan.Unplaced.IsEmpty)
            return [];
        var table = Tables.WithColumns("UNPLACED", "WHY");
        foreach (var (address, reason) in plan.Unplaced)
            table.Row(address, reason);
        return [table, Text.Empty];
    }

    /// <summary>Each figure beside the bound that no plan can beat.</summary>
    internal static IRenderable Certificate(Certificate certificate)
    {
        var table = Tables.WithColumns("QUALITY", ">PLAN", ">BEST POSSIBLE", "OF");
        table.Row(
            "moved demand", Words.Rate(certificate.MovedBps), Words.Rate(certificate.MovedBpsBound), Words.Count(certificate.Moves, "VIP", "VIPs"));
        table.Row("highest utilisation", Full(certificate.UtilisationMax), Full(certificate.UtilisationBound), "all nodes");
        table.Row("VIPs of a service on one node", certificate.OnNodes.Most, certificate.OnNodes.Bound, certificate.OnNodes.Service);
        return table.Row("VIPs of a service in one domain", certificate.OnDomains.Most, certificate.OnDomains.Bound, certificate.OnDomains.Service);
    }

    /// <summary>What was asked for, whether it holds, and, where no placement could be protected, why.</summary>
    internal static IEnumerable<IRenderable> Verdict(Planned planned, IEnumerable<IRenderable> proofs) =>
    [
        new Text($"Asked for: {ClusterRenderer.Protection(planned.Problem.Protection)}."),
        .. proofs,
        .. planned.Shortage is { } shortage ? [Bad($"No placement could be protected: {shortage.Sentence}")] : Array.Empty<IRenderable>(),
    ];

    /// <summary>One sentence when it holds; otherwise every reason why not.</summary>
    /// <param name="when">A word and a colon before it, or nothing.</param>
    internal static IEnumerable<IRenderable> Proof(ProtectionVerdict verdict, string when = "")
    {
        var how = verdict.Method == ProofMethod.Exhaustive
            ? "every failure was looked at"
            : "failures of several nodes were bounded, not all looked at";
        var worst = verdict.Worst is { } found ? Worst(found) : "nothing is placed";
        var sentence = $"{(verdict.Holds ? "protected" : "not protected")} ({how}); {worst}.";
        sentence = when.Length > 0 ? $"{when}{sentence}" : $"{char.ToUpperInvariant(sentence[0])}{sentence[1..]}";
        return verdict.Holds ? [new Text(sentence, new Style(Color.Green))] : [Bad(sentence), .. verdict.Broken.Select(broken => Bad($"  {broken}"))];
    }

    /// <summary>Not a percentage of anything where a node has load and no capacity.</summary>
    internal static string Full(double? utilisation) =>
        utilisation is { } part && double.IsFinite(part) ? Words.Percent(part, 1) : "beyond all bounds";

    /// <summary>The survivor, how full it is, and what is too much.</summary>
    internal static string At(WorstCase worst)
    {
        var excess = new List<string>();
        if (worst.ExcessBps > 0)
            excess.Add(Words.Rate(worst.ExcessBps));
        if (worst.ExcessCps > 0)
            excess.Add($"{worst.ExcessCps} connections/s");
        return $"{worst.Node} at {Full(worst.Utilisation)}{(excess.Count > 0 ? $", {string.Join(" and ", excess)} too much" : "")}";
    }

    private static string Worst(WorstCase worst) => worst.Failed.IsEmpty
        ? $"worst is normal operation, with {At(worst)}"
        : $"worst is when {string.Join(" and ", worst.Failed)} {(worst.Failed.Length == 1 ? "fails" : "fail")}, with {At(worst)}";

    private static Table Assignments(Planned planned)
    {
        var vips = planned.Problem.Vips.ToDictionary(vip => vip.Address);
        var table = Tables.WithColumns("VIP", "SERVICE", ">DEMAND", "OWNER", "STANDBYS");
        foreach (var (address, owner, standbys) in planned.Plan.Assignments)
            table.Row(address, vips[address].Service, Words.Rate(vips[address].Demand.Bps), owner, Words.List(standbys));
        return table;
    }

    private static Text Bad(string sentence) => new(sentence, new Style(Color.Red));
}
