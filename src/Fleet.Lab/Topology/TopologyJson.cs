using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Lab.Topology;

/// <summary>A topology as a file: kebab-case keys, unknown ones refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    UseStringEnumConverter = true,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LabTopology))]
internal sealed partial class TopologyJson : JsonSerializerContext
{
    public static string Write(LabTopology topology) => JsonSerializer.Serialize(topology, Default.LabTopology);

    /// <exception cref="JsonException">It is no topology; the message says where.</exception>
    public static LabTopology Read(string json) =>
        JsonSerializer.Deserialize(json, Default.LabTopology) ?? throw new JsonException("null is no topology.");
}
