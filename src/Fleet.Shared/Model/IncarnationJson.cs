using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Shared.Model;

/// <summary>An incarnation is a number.</summary>
public sealed class IncarnationJson : JsonConverter<Incarnation>
{
    public override Incarnation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Incarnation value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
