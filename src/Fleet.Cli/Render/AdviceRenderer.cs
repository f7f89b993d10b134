using Fleet.Cli.Messages;
using Fleet.Placement.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm advise</c> prints.</summary>
internal static class AdviceRenderer
{
    public static IRenderable Sizes(AdviceDocument advice)
    {
        var wish = advice.Wish;
        var table = Tables.WithColumns(
            "PROTECTION", "NODES", ">COST", ">FULL", ">FULL AFTER", ">ONE NODE", ">THE FAILURE", ">SHARE MAX", ">VIPS", ">EQUAL VIPS");
        foreach (var size in advice.Sizes)
        {
            table.Row(
                size.Protection,
                size.Nodes == size.Working ? $"{size.Nodes}" : $"{size.Working} + {size.Nodes - size.Working}",
                $"{size.ExtraPercent:0.#} %",
                Words.Percent(size.Utilisation, 1),
                Words.Percent(size.UtilisationAfter, 1),
                $"{size.OneNodePercent:0.#} %",
                $"{size.FailurePercent:0.#} %",
                size.ShareMax < 0.0005 ? "none" : Words.Percent(size.ShareMax, 1),
                size.Vips,
                size.EqualVips);
        }

        return Tables.Stack(
        [
            new Text(
                $"{Words.Rate(wish.TargetBps)} on nodes of {Words.Rate(wish.ApplianceBps)}, of which {Words.Rate(wish.UsableBps)} may be used: "
                + $"{advice.Sizes[0].Working} of them must be left to carry it."),
            Text.Empty,
            table,
            Text.Empty,
            .. Legend(wish.ShareMax),
            .. Fleet(advice),
        ]);
    }

    public static IRenderable Service(ServiceAdviceDocument advice)
    {
        var size = advice.Size;
        var share = $"{Words.Percent(advice.ShareMax, 1)} of {Words.Rate(advice.SmallestBps)}, the smallest node";
        var why = size.Vips > size.Least
            ? $"{size.Least} would do for their size; with {size.Vips} each of the {advice.Nodes} nodes has one"
            : "fewer would be larger than that";
        (string, object?)[] map = advice.Version is { } version ? [("map", version)] : [];
        return Tables.Facts(
        [
            ("demand", Words.Rate(advice.DemandBps)),
            ("VIPs", $"{size.Vips}, of {Words.Rate((double)advice.DemandBps / size.Vips)} each"),
            ("largest VIP", $"{Words.Rate(size.ShareBpsMax)}: {share}"),
            ("why", why),
            .. map,
        ]);
    }

    private static IEnumerable<IRenderable> Legend(double policy) => new[]
    {
        "NODES          those that must be left, and those that may fail with them all in use; COST is the second by the first",
        "FULL           how full each node is, and how full each is after the failure",
        "ONE NODE       what its failure costs of the fleet's capacity; THE FAILURE is all that the fleet is protected from at once",
        "SHARE MAX      the largest part of a node that one VIP may be, whatever the mix of sizes: each failure adds lumps of whole VIPs to a "
        + "survivor",
        $"VIPS           how many the target needs: none larger than that nor than the policy's {policy * 100:0.#} %, as many on each node",
        "EQUAL VIPS     how few would do if all were of one size and always spread evenly",
    }.Select(IRenderable (line) => new Text(line));

    private static IEnumerable<IRenderable> Fleet(AdviceDocument advice)
    {
        if (advice.Fleet is not { } fleet)
            return [];
        var nodes = Words.Count(fleet.Nodes, "node carries", "nodes carry");
        var of = advice.Version is { } version ? $" (map {version})" : "";
        var verdict = fleet switch
        {
            { Add: > 0 } => $"Add {Words.Count(fleet.Add, "node", "nodes")} of {Words.Rate(advice.Wish.ApplianceBps)}.",
            { Spare: > 0 } => $"Enough: any {Words.Count(fleet.Spare, "node", "nodes")} could be taken away.",
            _ => "Enough, with none to spare.",
        };
        return
        [
            Text.Empty,
            new Text(
                $"{nodes} traffic{of}; {Words.Rate(fleet.LeftBps)} may be used after the worst failure of the protection, "
                + $"{Words.Rate(advice.Wish.TargetBps)} are asked for."),
            new Text(verdict, new Style(fleet.Add > 0 ? Color.Red : Color.Green)),
        ];
    }
}
