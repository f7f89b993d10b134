using Fleet.Cli.Maps;
using Fleet.Cli.Messages;
using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm map</c> prints.</summary>
internal static class MapRenderer
{
    /// <summary>The map as every node has it.</summary>
    public static IRenderable Show(FleetMap map) => Tables.Stack(
        new Text($"map {map.Version}, made from {map.Parent}, cluster {map.Policy.Cluster}, zone {map.Policy.Zone.Name}"),
        Text.Empty,
        Nodes(map),
        Text.Empty,
        Vips(map),
        Text.Empty,
        Verdicts(map));

    /// <summary>What came, what went, what moved; only how much, where there is a lot.</summary>
    public static IRenderable Diff(MapDifference difference)
    {
        (string Name, object? Value)[] facts =
        [
            ("nodes that came", Words.List(difference.NodesCame)),
            ("nodes that went", Words.List(difference.NodesGone)),
            ("nodes that turned", Words.List(difference.NodesTurned.Select(node => $"{node.Node} from {node.From} to {node.To}"))),
            ("services that came", Words.List(difference.ServicesCame)),
            ("services that went", Words.List(difference.ServicesGone)),
            ("services changed", Words.List(difference.ServicesChanged)),
            ("VIPs that came", Words.List(difference.VipsCame)),
            ("VIPs that went", Words.List(difference.VipsGone)),
            ("VIPs that moved", difference.Moves.Length),
            ("other standbys", Words.Count(difference.StandbysChanged, "VIP", "VIPs")),
            ("judged differently", Words.Count(difference.VerdictsChanged, "backend", "backends")),
            ("policy", difference.PolicyChanged ? "changed" : "the same"),
        ];
        var table = Tables.WithColumns("VIP", "SERVICE", "FROM", "TO", "WHY");
        foreach (var move in difference.Moves)
            table.Row(move.Address, move.Service, move.From, move.To, Words.Why(move.Reason));
        IRenderable[] moves = difference.Moves.IsEmpty ? [] : [Text.Empty, table];
        return Tables.Stack([new Text($"From map {difference.From} to {difference.To}"), Text.Empty, Tables.Facts(facts), .. moves]);
    }

    private static Table Nodes(FleetMap map)
    {
        var table = Tables.WithColumns("NODE", "PRESENCE", "INTENT", ">VIPS", ">WEIGHT", "WITNESSES");
        foreach (var node in map.Nodes.Values)
        {
            table.Row(
                node.Name,
                Tables.State(Kebab.Word(node.Presence)),
                Tables.State(Kebab.Word(node.Intent)),
                map.Vips.Values.Count(vip => vip.Owner == node.Name),
                node.Weight,
                Words.List(node.Witnesses));
        }

        return table;
    }

    private static Table Vips(FleetMap map)
    {
        var table = Tables.WithColumns("VIP", "SERVICE", "PHASE", "OWNER", "SUCCESSOR", "STANDBYS", ">SINCE");
        foreach (var vip in map.Vips.Values)
            table.Row(vip.Address, vip.Service, VipRenderer.Phase(vip), vip.Owner, vip.Successor, Words.List(vip.Standbys), vip.Since);
        return table;
    }

    private static Table Verdicts(FleetMap map)
    {
        var table = Tables.WithColumns("SERVICE", "BACKEND", "ADDRESS", "STATE");
        foreach (var service in map.Services.Values)
        {
            foreach (var backend in service.Pool.Backends)
                table.Row(service.Name, backend.Name, backend.Address, Tables.State(Kebab.Word(map.VerdictOf(service.Name, backend.Name))));
        }

        return table;
    }
}
