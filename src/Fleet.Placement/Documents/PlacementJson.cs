using System.Text.Json.Serialization;
using Fleet.Placement.Advice;

namespace Fleet.Placement.Documents;

/// <summary>The JSON of placement, generated at build time: kebab-case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(Sizes))]
[JsonSerializable(typeof(Shortfall))]
[JsonSerializable(typeof(ShareSize))]
public sealed partial class PlacementJson : JsonSerializerContext;
