using System.Collections.Immutable;
using Fleet.Cli.Messages;
using Fleet.Placement.Advice;
using Fleet.Placement.Model;
using Fleet.Shared.Json;
using Fleet.Shared.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm whatif</c> prints: at once, then by plan, then how it all stands.</summary>
internal static class OutlookRenderer
{
    /// <summary>VIPs named in a sentence.</summary>
    private const int NamedMax = 10;

    public static IRenderable Show(Outlook outlook, MapVersion? version)
    {
        IRenderable[] of = version is { } map ? [new Text($"Computed from map {map}."), Text.Empty] : [];
        var planned = outlook.Planned;
        return Tables.Stack(
        [
            .. of,
            .. outlook.Failover is { } failover ? AtOnce(failover, planned.Problem) : [],
            .. ByPlan(planned),
            Nodes(outlook),
            Text.Empty,
            .. Verdicts(outlook),
        ]);
    }

    private static IEnumerable<IRenderable> AtOnce(Failover failover, PlacementProblem problem)
    {
        var vips = problem.Vips.ToDictionary(vip => vip.Address);
        var table = Tables.WithColumns("AT ONCE", "FROM", "TO", ">DEMAND");
        foreach (var move in failover.Moves)
            table.Row(move.Address, move.From, move.To, Words.Rate(vips[move.Address].Demand.Bps));
        foreach (var address in failover.Dropped)
            table.Row(address, vips[address].Owner, new Text("nobody", new Style(Color.Red)), Words.Rate(vips[address].Demand.Bps));
        return
        [
            new Text(
                $"{Words.List(failover.Failed)} {(failover.Failed.Length == 1 ? "dies" : "die")}: "
                + $"{Words.Count(failover.Moves.Length, "VIP goes to its standby", "VIPs go to their standbys")}."),
            Text.Empty,
            table,
            Text.Empty,
        ];
    }

    private static IEnumerable<IRenderable> ByPlan(Planned planned)
    {
        var moves = planned.Certificate;
        var sentence = moves.Moves == 0
            ? "By plan nothing moves."
            : $"By plan {Words.Count(moves.Moves, "VIP moves", "VIPs move")}, {Words.Rate(moves.MovedBps)}; at least "
                + $"{Words.Rate(moves.MovedBpsBound)} must.";
        return [new Text(sentence), Text.Empty, .. PlanRenderer.Moves(planned.Plan, planned.Problem), .. PlanRenderer.Unplaced(planned.Plan)];
    }

    private static Table Nodes(Outlook outlook)
    {
        var stages = new List<(string Name, Standing Standing)> { ("BEFORE", outlook.Before), ("AFTER", outlook.After) };
        if (outlook.Failover is { } failover)
            stages.Insert(1, ("AT ONCE", failover.Standing));
        var table = Tables.WithColumns(["NODE", "STATE", .. stages.Select(stage => $">{stage.Name}"), ">VIPS", ">LOAD"]);
        foreach (var node in outlook.After.Nodes)
            table.Row(
                [
                    node.Node,
                    Tables.State(Kebab.Word(node.State)),
                    .. stages.Select(stage => Full(stage.Standing, node.Node)),
                    node.Vips,
                    Words.Rate(node.Bps),
                ]);
        return table.Row(
            [
                "highest",
                "",
                .. stages.Select(stage => stage.Standing.Fullest is { } fullest ? PlanRenderer.Full(fullest.Utilisation) : null),
                "",
                "",
            ]);
    }

    private static string? Full(Standing standing, NodeName name) =>
        standing.Nodes.FirstOrDefault(node => node.Node == name) is { } node ? PlanRenderer.Full(node.Utilisation) : null;

    private static IEnumerable<IRenderable> Verdicts(Outlook outlook) => PlanRenderer.Verdict(
        outlook.Planned,
        [
            .. Stage("Before: ", outlook.Before),
            .. outlook.Failover is { } failover ? Carried(failover) : [],
            .. Stage("After: ", outlook.After),
        ]);

    private static IEnumerable<IRenderable> Carried(Failover failover)
    {
        var load = failover.Standing.Protection.Worst is not { } worst ? "nothing is carried" : $"fullest is {PlanRenderer.At(worst)}";
        return [.. Unserved("At once: ", failover.Dropped), new Text($"At once: {load}.", new Style(failover.IsCarried ? Color.Green : Color.Red))];
    }

    private static IEnumerable<IRenderable> Stage(string when, Standing standing) =>
        [.. Unserved(when, standing.Unserved), .. PlanRenderer.Proof(standing.Protection, when)];

    private static IEnumerable<IRenderable> Unserved(string when, ImmutableArray<VipAddress> vips)
    {
        var more = vips.Length > NamedMax ? $" and {vips.Length - NamedMax} more" : "";
        return vips.IsEmpty ? [] : [new Text($"{when}nobody serves {Words.List(vips.Take(NamedMax))}{more}.", new Style(Color.Red))];
    }
}
