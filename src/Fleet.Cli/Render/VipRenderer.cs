using System.Collections.Immutable;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm vip</c> prints.</summary>
internal static class VipRenderer
{
    public static IRenderable List(ImmutableArray<VipView> vips)
    {
        var table = Tables.WithColumns(
            "VIP", "SERVICE", "PHASE", "OWNER", "SUCCESSOR", "STANDBYS", ">TRAFFIC", ">CONNECTIONS", ">REQUESTS", ">SINCE", "WHY");
        foreach (var (entry, traffic, counters) in vips)
        {
            table.Row(
                entry.Address,
                entry.Service,
                Phase(entry),
                entry.Owner,
                entry.Successor,
                Words.List(entry.Standbys),
                Words.Rate(traffic),
                counters.Active,
                counters.Requests,
                entry.Since,
                Words.Why(entry.Reason));
        }

        return table;
    }

    public static IRenderable Show(VipView vip)
    {
        var entry = vip.Entry;
        return Tables.Facts(
            ("VIP", entry.Address),
            ("service", entry.Service),
            ("site", entry.Site?.Value ?? "any of its service's"),
            ("phase", Phase(entry)),
            ("owner", entry.Owner),
            ("successor", entry.Successor),
            ("standbys", Words.List(entry.Standbys)),
            ("since", $"revision {entry.Since}"),
            ("why", Words.Why(entry.Reason)),
            ("demand", entry.DemandBps > 0 ? Words.Rate(entry.DemandBps) : "unknown"),
            ("traffic", Words.Rate(vip.TrafficBps)),
            ("connections", $"{vip.Counters.Active} open, {vip.Counters.Connections} accepted"),
            ("requests", vip.Counters.Requests),
            ("bytes", $"{Words.Size(vip.Counters.BytesIn)} in, {Words.Size(vip.Counters.BytesOut)} out"));
    }

    /// <summary>The sentences first: they are the answer. Then the events they are drawn from.</summary>
    public static IRenderable Explain(VipExplanation explanation)
    {
        var sentences = explanation.Sentences.Select(IRenderable (sentence) => new Text(sentence)).ToArray();
        return explanation.History.IsEmpty
            ? Tables.Stack(sentences)
            : Tables.Stack([.. sentences, Text.Empty, EventRenderer.Table(explanation.History)]);
    }

    internal static Text Phase(VipEntry entry) => Tables.State(Kebab.Word(entry.Phase));
}
