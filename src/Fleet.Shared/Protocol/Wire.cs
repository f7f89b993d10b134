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
[JsonSerializable(typeof(Up))]
[JsonSerializable(typeof(Down))]
[JsonSerializable(typeof(FleetMap))]
[JsonSerializable(typeof(JsonObject))]
public sealed partial class Wire : JsonSerializerContext
{
    /// <summary>Grows when a message changes its meaning; fields may be added without.</summary>
    public const int Schema = 2;

    public static byte[] Encode(Up message) => JsonSerializer.SerializeToUtf8Bytes(message, Default.Up);

    public static byte[] Encode(Down message) => JsonSerializer.SerializeToUtf8Bytes(message, Default.Down);

    public static string Encode(FleetMap map) => JsonSerializer.Serialize(map, Default.FleetMap);

    public static bool TryDecodeUp(ReadOnlySpan<byte> text, out Up message) => TryDecode(text, Default.Up, out message);

    public static bool TryDecodeDown(ReadOnlySpan<byte> text, out Down message) => TryDecode(text, Default.Down, out message);

    public static bool TryDecodeMap(ReadOnlySpan<byte> text, out FleetMap map) => TryDecode(text, Default.FleetMap, out map);

    private static bool TryDecode<T>(ReadOnlySpan<byte> text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, out T value)
        where T : class
    {
        value = null!;
        try
        {
            value = JsonSerializer.Deserialize(text, type)!;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            return false;
        }

        return value is not null;
    }
}
