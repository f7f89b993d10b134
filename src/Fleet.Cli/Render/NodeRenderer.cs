using System.Collections.Immutable;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm node</c> prints, and the members of <c>pbm cluster show</c>.</summary>
internal static class NodeRenderer
{
    /// <summary>Who is in the fleet, and how to reach them.</summary>
    public static IRenderable Members(ImmutableArray<NodeView> nodes)
    {
        var table = Tables.WithColumns("NODE", "STATE", "SITE", "DOMAIN", "API", "DNS", "MAP", ">HEARD");
        foreach (var node in nodes)
        {
            var facts = node.Entry.Facts;
            table.Row(
                facts.Name,
                Tables.State(node.State),
                facts.Site,
                facts.Domain,
                facts.ApiAddress,
                facts.DnsAddress,
                Words.Map(node.Applied),
                Heard(node));
        }

        return table;
    }

    /// <summary>What each node carries.</summary>
    public static IRenderable List(ImmutableArray<NodeView> nodes)
    {
        var table = Tables.WithColumns(
            "NODE", "STATE", "SITE", "DOMAIN", ">VIPS", ">TRAFFIC", ">CAPACITY", ">USED", ">CONNECTIONS", ">WEIGHT", "MAP", ">HEARD");
        foreach (var node in nodes)
        {
            var facts = node.Entry.Facts;
            table.Row(
                facts.Name,
                Tables.State(node.State),
                facts.Site,
                facts.Domain,
                node.Vips,
                Words.Rate(node.TrafficBps),
                Words.Rate(facts.CapacityBps),
                Words.Percent(node.TrafficBps, facts.CapacityBps),
                node.Total.Active,
                node.Entry.Weight,
                Words.Map(node.Applied),
                Heard(node));
        }

        return Tables.Stack([table, .. Waiting(nodes)]);
    }

    /// <summary>Why nodes are given nothing: nodes with the same reason share a line.</summary>
    private static IEnumerable<IRenderable> Waiting(ImmutableArray<NodeView> nodes)
    {
        var waiting = nodes.Where(n => n.Waiting is not null).ToArray();
        return waiting.Length == 0
            ? []
            : waiting
                .GroupBy(n => n.Waiting!)
                .Select(IRenderable (same) => new Text($"{string.Join(", ", same.Select(n => n.Entry.Name))}: {same.Key.Sentence}"))
                .Prepend(Text.Empty);
    }

    public static IRenderable Show(NodeView node) => Tables.Facts(
        ("node", node.Entry.Name),
        ("state", Tables.State(node.State)),
        ("waiting", node.Waiting?.Sentence ?? "-"),
        ("intent", Kebab.Word(node.Entry.Intent)),
        ("site", node.Entry.Facts.Site),
        ("domain", node.Entry.Facts.Domain),
        ("capacity", Words.Rate(node.Entry.Facts.CapacityBps)),
        ("traffic", $"{Words.Rate(node.TrafficBps)} ({Words.Percent(node.TrafficBps, node.Entry.Facts.CapacityBps)})"),
        ("VIPs", node.Vips),
        ("weight in DNS", node.Entry.Weight),
        ("connections", $"{node.Total.Active} open, {node.Total.Connections} accepted"),
        ("requests", node.Total.Requests),
        ("bytes", $"{Words.Size(node.Total.BytesIn)} in, {Words.Size(node.Total.BytesOut)} out"),
        ("last heard", node.SilentMs is { } ms ? $"{Words.Age(ms)} ago" : "never in this term"),
        ("works by map", Words.Map(node.Applied)),
        ("witnesses", Words.List(node.Entry.Witnesses)),
        ("API", node.Entry.Facts.ApiAddress),
        ("DNS", node.Entry.Facts.DnsAddress),
        ("witness UDP", node.Entry.Facts.WitnessAddress));

    private static string Heard(NodeView node) => node.SilentMs is { } ms ? Words.Age(ms) : "never";
}
