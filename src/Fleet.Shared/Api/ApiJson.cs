using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Api;

/// <summary>The JSON of the REST API, generated at build time: kebab-case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(ImmutableArray<CoordinatorView>))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(ImmutableArray<NodeView>))]
[JsonSerializable(typeof(VipView))]
[JsonSerializable(typeof(ImmutableArray<VipView>))]
[JsonSerializable(typeof(VipExplanation))]
[JsonSerializable(typeof(ServiceView))]
[JsonSerializable(typeof(ImmutableArray<ServiceView>))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(ImmutableArray<EventView>))]
[JsonSerializable(typeof(ImmutableArray<PublishingView>))]
[JsonSerializable(typeof(ProjectionView))]
[JsonSerializable(typeof(CommandView))]
[JsonSerializable(typeof(DnsView))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(FleetMap))]
[JsonSerializable(typeof(FleetPolicy))]
public sealed partial class ApiJson : JsonSerializerContext;
