using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Shared.Model;

/// <summary>A name is a JSON string, also as the key of an object.</summary>
public sealed class NameJson<TName> : JsonConverter<TName>
    where TName : struct, IName<TName>
{
    public override TName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TName.Parse(reader.GetString() ?? throw new JsonException("A name must be a string."));

    public override void Write(Utf8JsonWriter writer, TName value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    public override TName ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TName value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value);
}
