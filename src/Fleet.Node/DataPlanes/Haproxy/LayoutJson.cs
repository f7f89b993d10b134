using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Node.DataPlanes.Haproxy.Rendering;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>A layout as it lies beside the configuration that was made of it, for the next agent.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified)]
[JsonSerializable(typeof(HaproxyLayout))]
internal sealed partial class LayoutJson : JsonSerializerContext;
