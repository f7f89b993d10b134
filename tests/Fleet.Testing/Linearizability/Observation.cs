using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Testing.Linearizability;

/// <summary>What was seen of a fleet in one look, all of it at one version.</summary>
public sealed record Observation
{
    /// <summary>A fleet that has nothing yet; its policy is whatever is seen first.</summary>
    public static readonly Observation Nothing = new() { Version = MapVersion.None, Whole = [ItemKind.Service, ItemKind.Node] };

    /// <summary>Null when the answer does not say.</summary>
    public MapVersion? Version { get; init; }

    /// <summary>Null is a thing that was looked for and is not there.</summary>
    public ImmutableSortedDictionary<Item, string?> Values { get; init; } = ImmutableSortedDictionary<Item, string?>.Empty;

    /// <summary>The kinds that were seen completely: a thing of these that is missing in <see cref="Values"/> is not there.</summary>
    public ImmutableHashSet<ItemKind> Whole { get; init; } = [];

    /// <summary>A whole map.</summary>
    /// <param name="digest">Must be equal for two definitions of a service exactly when the coordinator says "so already" of the second.</param>
    /// <param name="policy">A digest of the policy; left out, the policy is not looked at.</param>
    public static Observation From(FleetMap map, Func<Service, string> digest, Func<FleetPolicy, string>? policy = null)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<Item, string?>();
        foreach (var service in map.Services.Values)
            values[Item.For(service.Name)] = digest(service);
        foreach (var node in map.Nodes.Values)
            values[Item.For(node.Name)] = WordOf(node.Intent);
        if (policy is not null)
            values[Item.Policy] = policy(map.Policy);
        return new Observation { Version = map.Version, Values = values.ToImmutable(), Whole = [ItemKind.Service, ItemKind.Node] };
    }

    /// <summary>One node; null is a node that is not there.</summary>
    public static Observation From(NodeName node, NodeIntent? intent, MapVersion? version = null) =>
        One(Item.For(node), intent is { } found ? WordOf(found) : null, version);

    /// <summary>One thing.</summary>
    public static Observation One(Item item, string? value, MapVersion? version = null) =>
        new() { Version = version, Values = ImmutableSortedDictionary<Item, string?>.Empty.Add(item, value) };

    /// <summary>False when it was not looked at.</summary>
    public bool TryValue(Item item, out string? value) => Values.TryGetValue(item, out value) || Whole.Contains(item.Kind);

    public override string ToString() => $"{Values.Count} things{(Version is { } version ? $" at {version}" : "")}";

    internal static string WordOf(NodeIntent intent) => intent.ToString().ToLowerInvariant();
}
