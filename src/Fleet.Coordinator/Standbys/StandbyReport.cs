using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Gate;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Standbys;

/// <summary>What a standby says to the leader, several times a second.</summary>
/// <param name="Name">Its name, and where it is; see <see cref="CoordinatorAddress"/>.</param>
/// <param name="Revision">How much of the journal it has folded.</param>
/// <param name="Sent">When, by its own clock. The leader gives it back, so that the standby knows how old an answer is.</param>
/// <param name="Leads">The term that it leads by now; 0 while it does not.</param>
internal sealed record StandbyReport(string Name, string? Link, string? Api, long Revision, long Sent, long Leads)
{
    [JsonIgnore]
    public CoordinatorAddress Address =>
        new(Name, LinkAddress.TryParse(Link ?? "", LinkTransport.Ws, out var link) ? link : null, Api);

    public static StandbyReport From(CoordinatorAddress own, long revision, long sent, long leads) =>
        new(own.Name, own.Link?.ToString(), own.Api, revision, sent, leads);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, StandbyJson.Default.StandbyReport);

    /// <summary>Null when it is none, or names what cannot be a coordinator.</summary>
    public static StandbyReport? Parse(ReadOnlySpan<byte> json) =>
        StandbyJson.Parse(json, StandbyJson.Default.StandbyReport) is { } report
        && Texts.Name.Has(report.Name)
        && report.Revision >= 0
        && (report.Api is null || Uri.TryCreate(report.Api, UriKind.Absolute, out _))
            ? report
            : null;
}

/// <summary>What the leader says to its standbys, often enough that silence means something.</summary>
/// <param name="Term">The term it leads, validly, as this leaves.</param>
/// <param name="Revision">The newest entry of its journal.</param>
/// <param name="Echo"><see cref="StandbyReport.Sent"/> of the standby's newest report.</param>
/// <param name="Successor">Who is to lead next, while the leadership is being handed over: the others hold back.</param>
internal sealed record LeaderPulse(long Term, long Revision, long Echo, string? Successor)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, StandbyJson.Default.LeaderPulse);

    /// <summary>Null when it is none.</summary>
    public static LeaderPulse? Parse(ReadOnlySpan<byte> json) => StandbyJson.Parse(json, StandbyJson.Default.LeaderPulse);
}

/// <summary>The JSON of the standby link, generated at build time. Members that a newer build adds are ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StandbyReport))]
[JsonSerializable(typeof(LeaderPulse))]
internal sealed partial class StandbyJson : JsonSerializerContext
{
    public static T? Parse<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
