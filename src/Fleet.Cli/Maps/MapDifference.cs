using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Cli.Messages;
using Fleet.Shared.Api;
using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Cli.Maps;

/// <summary>A VIP that went from one owner to another; null is nobody.</summary>
internal sealed record VipWent(VipAddress Address, ServiceName Service, NodeName? From, NodeName? To, MoveReason Reason);

/// <summary>A node whose state differs.</summary>
internal sealed record NodeTurned(NodeName Node, string From, string To);

/// <summary>What is different between two maps. Everything is sorted.</summary>
/// <param name="ServicesChanged">Services that differ in anything but their VIPs' places.</param>
/// <param name="Moves">VIPs of both maps that have another owner.</param>
/// <param name="StandbysChanged">How many VIPs of both maps have other standbys.</param>
/// <param name="VerdictsChanged">How many backends are judged differently.</param>
internal sealed record MapDifference(
    MapVersion From,
    MapVersion To,
    ImmutableArray<NodeName> NodesCame,
    ImmutableArray<NodeName> NodesGone,
    ImmutableArray<NodeTurned> NodesTurned,
    ImmutableArray<ServiceName> ServicesCame,
    ImmutableArray<ServiceName> ServicesGone,
    ImmutableArray<ServiceName> ServicesChanged,
    ImmutableArray<VipAddress> VipsCame,
    ImmutableArray<VipAddress> VipsGone,
    ImmutableArray<VipWent> Moves,
    int StandbysChanged,
    int VerdictsChanged,
    bool PolicyChanged)
{
    public static MapDifference Between(FleetMap from, FleetMap to) => new(
        from.Version,
        to.Version,
        Only(to.Nodes, from.Nodes),
        Only(from.Nodes, to.Nodes),
        [
            .. Both(from.Nodes, to.Nodes)
                .Select(pair => new NodeTurned(pair.Key, State(pair.Before), State(pair.After)))
                .Where(node => node.From != node.To),
        ],
        Only(to.Services, from.Services),
        Only(from.Services, to.Services),
        [.. Both(from.Services, to.Services).Where(pair => Text(pair.Before) != Text(pair.After)).Select(pair => pair.Key)],
        Only(to.Vips, from.Vips),
        Only(from.Vips, to.Vips),
        [
            .. Both(from.Vips, to.Vips)
                .Where(pair => pair.Before.Owner != pair.After.Owner)
                .Select(pair => new VipWent(pair.Key, pair.After.Service, pair.Before.Owner, pair.After.Owner, pair.After.Reason)),
        ],
        Both(from.Vips, to.Vips).Count(pair => !pair.Before.Standbys.SequenceEqual(pair.After.Standbys)),
        from.Verdicts.Keys.Union(to.Verdicts.Keys).Count(key => from.Verdicts.GetValueOrDefault(key) != to.Verdicts.GetValueOrDefault(key)),
        Text(from.Policy) != Text(to.Policy));

    private static ImmutableArray<TKey> Only<TKey, TValue>(
        ImmutableSortedDictionary<TKey, TValue> here, ImmutableSortedDictionary<TKey, TValue> notThere)
        where TKey : notnull => [.. here.Keys.Where(key => !notThere.ContainsKey(key))];

    private static IEnumerable<(TKey Key, TValue Before, TValue After)> Both<TKey, TValue>(
        ImmutableSortedDictionary<TKey, TValue> from, ImmutableSortedDictionary<TKey, TValue> to)
        where TKey : notnull => from.Where(entry => to.ContainsKey(entry.Key)).Select(entry => (entry.Key, entry.Value, to[entry.Key]));

    /// <summary>One word for what is wanted of a node and how it is.</summary>
    private static string State(NodeEntry node) => node switch
    {
        { Presence: NodePresence.Down } => "down",
        { Intent: NodeIntent.Active } => "up",
        _ => Kebab.Word(node.Intent),
    };

    private static string Text(Service service) => JsonSerializer.Serialize(service, ApiJson.Default.Service);

    private static string Text(FleetPolicy policy) => JsonSerializer.Serialize(policy, ApiJson.Default.FleetPolicy);
}

/// <summary>The JSON of what pbm finds out about maps, in the manner of the API's.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MapDifference))]
internal sealed partial class MapsJson : JsonSerializerContext;
