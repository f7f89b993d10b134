using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Benchmarks.Faults;

/// <summary>The last line of <c>./fleet bench faults</c>.</summary>
public sealed record FaultsReport
{
    /// <summary>That struck; one whose victim was down already is not counted.</summary>
    public required int Faults { get; init; }

    public required int Seed { get; init; }

    /// <summary>Leaderships that acknowledged anything.</summary>
    public required int Terms { get; init; }

    /// <summary>Commands that were acknowledged.</summary>
    public required int Commands { get; init; }

    /// <summary>Commands that would have broken the protection.</summary>
    public required int Refused { get; init; }

    /// <summary>Commands of which nobody told what came; each was done whole, or never.</summary>
    public required int Unknown { get; init; }

    /// <summary>What all were told is what one fleet can have told that loses nothing.</summary>
    public required bool Linearizable { get; init; }

    /// <summary>How often two led at one time or in one term.</summary>
    public required int TwoLeaders { get; init; }

    /// <summary>From <c>kill -9</c> of the leader until the next acknowledged something; null when none was killed.</summary>
    public required double? LeaderGapMsMedian { get; init; }

    public required double? LeaderGapMsMax { get; init; }

    /// <summary>From the end of the last fault until a command was acknowledged.</summary>
    public required double HealedMs { get; init; }

    /// <summary>Events of the journal that the projection lacks, has twice or out of order; null without PostgreSQL.</summary>
    public required int? ProjectionWrong { get; init; }

    /// <summary>All that is not as promised; empty is exit code 0.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Failures { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.FaultsReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(FaultsReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
