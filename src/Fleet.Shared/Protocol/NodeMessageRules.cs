using System.Collections.Immutable;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Protocol;

/// <summary>
/// What a node may say on its link. A hello is checked whole. A heartbeat comes ten times a second, so only what the leader counts with is checked.
/// </summary>
public static class NodeMessageRules
{
    private static readonly NumberRange Incarnation = Limits.Counter with { Min = 1 };

    /// <summary>A node reports at most this many problems, and only so much of each.</summary>
    public const int ProblemsMax = 20;

    public const int ProblemMax = 400;

    private const int KeyMax = 300;

    private static readonly NumberRange Open = new(0, int.MaxValue);

    public static ImmutableArray<Mistake> Mistakes(NodeMessage message) => message switch
    {
        NodeMessage.Hello hello => [.. Hello(hello)],
        NodeMessage.Heartbeat beat => [.. Beat(beat)],
        NodeMessage.WitnessReply reply => [.. WitnessReply(reply)],
        _ => [],
    };

    private static IEnumerable<Mistake> Hello(NodeMessage.Hello hello)
    {
        foreach (var mistake in NodeRules.Mistakes(hello.Facts))
            yield return mistake.Below("facts");
        foreach (var mistake in Number("incarnation", Incarnation, hello.Incarnation.Value).Concat(Version("applied", hello.Applied)))
            yield return mistake;
    }

    private static IEnumerable<Mistake> Beat(NodeMessage.Heartbeat beat)
    {
        IEnumerable<Mistake> mistakes =
        [
            .. Number("seq", Limits.Counter, beat.Seq),
            .. Version("applied", beat.Applied),
            .. Version("known", beat.Known),
        ];
        mistakes = mistakes
            .Concat(Number("link-round-trip-micros", Limits.Counter, beat.LinkRoundTripMicros))
            .Concat(Number("witness-round-trip-micros", Limits.Counter, beat.WitnessRoundTripMicros));
        if (beat.Missing.IsDefault || beat.Missing.Length > Limits.ListMax)
            mistakes = mistakes.Append(Long("missing", beat.Missing.IsDefault ? 0 : beat.Missing.Length));
        if (beat.Ill is { } ill && (ill.Length > ProblemMax || ill.Any(char.IsControl)))
            mistakes = mistakes.Append(new Mistake("ill", $"{ill.Length} characters", $"at most {ProblemMax}, none of them a control character"));
        if (beat.Problems is { IsDefault: false } problems
            && (problems.Length > ProblemsMax || problems.Any(p => p is null || p.Length > ProblemMax || p.Any(char.IsControl))))
            mistakes = mistakes.Append(
                new Mistake(
                    "problems",
                    $"{problems.Length} texts",
                    $"at most {ProblemsMax} texts of at most {ProblemMax} characters, none of them a control character"));
        return mistakes
            .Concat(Each("busy", beat.Busy, (vip, open) => Number($"busy.{vip}", Open, open)))
            .Concat(Each("verdicts", beat.Verdicts, (key, _) => Key("verdicts", key)))
            .Concat(
                Each("feedback", beat.Feedback, (key, percent) => [.. Key("feedback", key), .. Number($"feedback.{key}", Limits.Feedback, percent)]))
            .Concat(Each("load", beat.Load, Load));
    }

    private static IEnumerable<Mistake> WitnessReply(NodeMessage.WitnessReply reply)
    {
        if (reply.Nodes.IsDefault || reply.Nodes.Length > Limits.ListMax)
            return [Long("nodes", reply.Nodes.IsDefault ? 0 : reply.Nodes.Length)];
        return Number("query", Limits.Counter, reply.Query).Concat(reply.Nodes.SelectMany((silence, i) => Silence($"nodes[{i}]", silence)));
    }

    private static Mistake[] Silence(string path, NodeSilence? silence) => silence is null
        ? [new Mistake(path, "nothing", "a node, and for how long it was silent")]
        : [.. Name($"{path}.node", silence.Node.Value), .. Number($"{path}.silent-micros", Limits.Counter, silence.SilentMicros)];

    private static IEnumerable<Mistake> Load(VipAddress vip, VipCounters? counters) => counters is null
        ? [new Mistake($"load.{vip}", "nothing", "counters")]
        : [
            .. Number($"load.{vip}.bytes-in", Limits.Counter, counters.BytesIn),
            .. Number($"load.{vip}.bytes-out", Limits.Counter, counters.BytesOut),
            .. Number($"load.{vip}.connections", Limits.Counter, counters.Connections),
            .. Number($"load.{vip}.requests", Limits.Counter, counters.Requests),
            .. Number($"load.{vip}.active", Open, counters.Active),
        ];

    private static IEnumerable<Mistake> Each<TKey, TValue>(
        string path, ImmutableSortedDictionary<TKey, TValue>? items, Func<TKey, TValue, IEnumerable<Mistake>> rule)
        where TKey : notnull
    {
        if (items is null || items.Count == 0)
            return [];
        return items.Count > Limits.ListMax ? [Long(path, items.Count)] : items.SelectMany(item => rule(item.Key, item.Value));
    }

    /// <summary>
    /// Not held to the rules of names: a node may remember backends of a fleet that allowed more, and the leader only looks up keys that it knows.
    /// </summary>
    private static Mistake[] Key(string path, BackendKey key) => key.Service.Value.Length + key.Backend.Length <= KeyMax
        ? []
        : [new Mistake(path, Mistake.Quote(key.Value), $"keys of at most {KeyMax} characters, such as web/b1")];

    private static Mistake[] Name(string path, string? name) =>
        Texts.Name.Has(name ?? "") ? [] : [new Mistake(path, Mistake.Quote(name), Texts.Name.Allowed)];

    private static Mistake[] Number(string path, NumberRange range, long number) =>
        range.Has(number) ? [] : [new Mistake(path, $"{number}", range.AllowedInJson)];

    private static Mistake[] Version(string path, MapVersion version) =>
        [.. Number($"{path}.term", Limits.Counter, version.Term), .. Number($"{path}.revision", Limits.Counter, version.Revision)];

    private static Mistake Long(string path, int count) => new(path, $"{count} items", $"at most {Limits.ListMax} items");
}
