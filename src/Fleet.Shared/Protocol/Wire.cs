using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Shared.Map;

namespace Fleet.Shared.Protocol;

/// <summary>The JSON of the link between nodes and coordinators, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeMessage))]
[JsonSerializable(typeof(LeaderMessage))]
[JsonSerializable(typeof(FleetMap))]
[JsonSerializable(typeof(JsonObject))]
public sealed partial class Wire : JsonSerializerContext
{
    /// <summary>Grows when a message, or the map, changes its meaning; new fields alone do not raise it.</summary>
    public const int Schema = 3;

    public static byte[] Encode(NodeMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Default.NodeMessage);

    public static byte[] Encode(LeaderMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, Default.LeaderMessage);

    public static string Encode(FleetMap map) => JsonSerializer.Serialize(map, Default.FleetMap);

    public static bool TryDecodeNodeMessage(ReadOnlySpan<byte> text, out NodeMessage message) => TryDecode(text, Default.NodeMessage, out message);

    public static bool TryDecodeLeaderMessage(ReadOnlySpan<byte> text, out LeaderMessage message) =>
        TryDecode(text, Default.LeaderMessage, out message);

    public static bool TryDecodeMap(ReadOnlySpan<byte> text, out FleetMap map) => TryDecode(text, Default.FleetMap, out map);

    /// <summary>The schema that a hello of any build names; null for all other text.</summary>
    public static int? HelloSchema(ReadOnlySpan<byte> text) =>
        TryDecode(text, Default.JsonObject, out var message)
            && message["kind"] is JsonValue kind
            && kind.TryGetValue(out string? word)
            && word == "hello"
        && message["schema"] is JsonValue schema && schema.TryGetValue(out int number)
            ? number
            : null;

    private static bool TryDecode<T>(ReadOnlySpan<byte> text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, out T value)
        where T : class
    {
        value = null!;
        try
        {
            value = JsonSerializer.Deserialize(text, type)!;
        }
        catch (Exception e)
            when (e is JsonException or NotSupportedException or FormatException or ArgumentException or InvalidOperationException
                or OverflowException)
        {
            return false;
        }

        return value is not null;
    }
}
