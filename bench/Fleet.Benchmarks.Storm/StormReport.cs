using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Benchmarks.Storm;

/// <summary>The last line of <c>./fleet bench storm</c>.</summary>
public sealed record StormReport
{
    public required int Faults { get; init; }

    /// <summary>How often two nodes answered for one VIP.</summary>
    public required int DualOwner { get; init; }

    /// <summary>Acknowledged commands that the fleet did not know afterwards.</summary>
    public required int LostCommands { get; init; }

    /// <summary>Processes that ended by themselves, and lines of logs that say that something broke.</summary>
    public required int Crashes { get; init; }

    /// <summary>The longest time a VIP did not answer, faults under way included, without what the machine stood still for.</summary>
    public required double WorstOutageMs { get; init; }

    /// <summary>From the end of an episode's last fault until all was well, the longest.</summary>
    public required double HealedMsMax { get; init; }

    /// <summary>Of the process that grew most, as a part of what it was; null where the storm was too short to say.</summary>
    public required double? RssGrowth { get; init; }

    /// <summary>All that is not as promised; empty is exit code 0.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Failures { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.StormReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(StormReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
