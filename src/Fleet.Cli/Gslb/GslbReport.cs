using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fleet.Cli.Gslb;

/// <summary>What <c>gslb query --json</c> prints.</summary>
internal sealed record GslbReport(
    string Name,
    string Type,
    ImmutableArray<GslbAnswer> Answers,
    ImmutableArray<string>? Possible,
    bool Agree,
    ImmutableArray<string> Sentences,
    ImmutableArray<string>? Steps)
{
    public static GslbReport Create(
        string name,
        string type,
        ImmutableArray<DnsAnswer> answers,
        ImmutableSortedSet<string>? possible,
        Agreement agreement,
        ImmutableArray<string> steps) =>
        new(
        name,
        type,
        [
            .. answers.Select(answer =>
                new GslbAnswer(answer.Server, answer.Address.ToString(), answer.Status, answer.Records, answer.TtlSeconds, answer.LatencyMs)),
        ],
        possible is null ? null : [.. possible],
        agreement.Holds,
        agreement.Sentences,
        steps.IsEmpty ? null : steps);
}

/// <summary>One server's answer, or the status that stands in its place.</summary>
internal sealed record GslbAnswer(string Server, string Address, string Status, ImmutableArray<string> Records, long? TtlSeconds, double? LatencyMs);

/// <summary>The JSON of what pbm itself finds out, in the manner of the API's.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GslbReport))]
[JsonSerializable(typeof(ImmutableArray<GslbRecord>))]
internal sealed partial class GslbJson : JsonSerializerContext;
