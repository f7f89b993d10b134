using System.Text.Json.Serialization;

namespace Fleet.Placement.Documents;

/// <summary>The JSON of placement, generated at build time: kebab-case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(OutlookDocument))]
[JsonSerializable(typeof(AdviceDocument))]
[JsonSerializable(typeof(ServiceAdviceDocument))]
public sealed partial class PlacementJson : JsonSerializerContext;
