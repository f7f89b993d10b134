using System.Collections.Immutable;
using Fleet.Cli.Gslb;
using Fleet.Cli.Messages;
using Fleet.Shared.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Render;

/// <summary>What <c>pbm gslb</c> prints.</summary>
internal static class GslbRenderer
{
    public static IRenderable Records(ImmutableArray<GslbRecord> records)
    {
        var table = Tables.WithColumns("NAME", "TYPE", "ADDRESS", "SITE", "PHASE", "ANSWERED", "HOLDER", ">WEIGHT");
        foreach (var record in records)
        {
            table.Row(
                record.Name, record.Type, record.Address, record.Site, Tables.State(Kebab.Word(record.Phase)), record.Answered
                    ? "yes"
                    : "no", record.Holder, record.Weight);
        }

        return table;
    }

    public static IRenderable Answers(ImmutableArray<DnsAnswer> answers, Agreement agreement, ImmutableArray<string> steps)
    {
        var table = Tables.WithColumns("SERVER", "DNS", "STATUS", ">TTL", ">LATENCY", "ANSWER");
        foreach (var answer in answers)
        {
            table.Row(
                answer.Server,
                answer.Address,
                answer.Came ? new Text(answer.Status) : Tables.State(answer.Status),
                answer.TtlSeconds is { } ttl ? $"{ttl} s" : null,
                answer.LatencyMs is { } ms ? $"{ms:0.0} ms" : null,
                Words.List(answer.Records));
        }

        var colour = new Style(agreement.Holds ? Color.Green : Color.Red);
        var why = steps.IsEmpty ? [] : steps.Select((step, i) => (IRenderable)new Text($"{i + 1}. {step}")).Append(Text.Empty);
        return Tables.Stack([.. why, table, Text.Empty, .. agreement.Sentences.Select(IRenderable (sentence) => new Text(sentence, colour))]);
    }
}
