using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Lab.Wires;

/// <summary>What the relay says of itself.</summary>
/// <param name="Rules">How many it goes by.</param>
/// <param name="LateP50Ms">How much later than due packets were passed on, rounded up to a power of two of a microsecond.</param>
internal sealed record WireReport(
    int Rules, long Packets, long Lost, long Overflowed, int UnderWay, double LateP50Ms, double LateP99Ms, double LateMaxMs);

/// <summary>The answer to a question on the relay's socket, in one line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(WireReport))]
internal sealed partial class WireReportJson : JsonSerializerContext
{
    public static string Write(WireReport report) => JsonSerializer.Serialize(report, Default.WireReport);

    public static WireReport Read(string json) => JsonSerializer.Deserialize(json, Default.WireReport) ?? throw new JsonException("No report.");
}
