using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Shared.Map;

/// <summary>What changed from one map to a later one. It applies to exactly the map it names as <see cref="From"/>.</summary>
public sealed record MapDelta
{
    public required MapVersion From { get; init; }

    public required MapVersion To { get; init; }

    /// <summary>Null when it did not change.</summary>
    public FleetPolicy? Policy { get; init; }

    public ImmutableArray<NodeEntry> Nodes { get; init; } = [];

    public ImmutableArray<NodeName> NodesGone { get; init; } = [];

    public ImmutableArray<Service> Services { get; init; } = [];

    public ImmutableArray<ServiceName> ServicesGone { get; init; } = [];

    public ImmutableArray<VipEntry> Vips { get; init; } = [];

    public ImmutableArray<VipAddress> VipsGone { get; init; } = [];

    public ImmutableSortedDictionary<BackendKey, Verdict> Verdicts { get; init; } = ImmutableSortedDictionary<BackendKey, Verdict>.Empty;

    public ImmutableArray<BackendKey> VerdictsGone { get; init; } = [];

    public ImmutableArray<SiteEntry> Sites { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<SiteName> SitesGone { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableSortedDictionary<BackendKey, int> Feedback { get; init => field = value ?? ImmutableSortedDictionary<BackendKey, int>.Empty; } =
        ImmutableSortedDictionary<BackendKey, int>.Empty;

    public ImmutableArray<BackendKey> FeedbackGone { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Entries that are not the same object count as changed: maps are made from each other, so whatever is shared did not change.</summary>
    public static MapDelta Between(FleetMap from, FleetMap to) =>
        Between(from, to, ReferenceEquals(from.Vips, to.Vips) ? [] : [.. from.Vips.Keys.Union(to.Vips.Keys)]);

    /// <summary>The same for a caller that knows which VIPs may have changed: no others are looked at.</summary>
    public static MapDelta Between(FleetMap from, FleetMap to, IReadOnlyCollection<VipAddress> touched) => new()
    {
        From = from.Version,
        To = to.Version,
        Policy = ReferenceEquals(from.Policy, to.Policy) ? null : to.Policy,
        Nodes = Changed(from.Nodes, to.Nodes),
        NodesGone = Gone(from.Nodes, to.Nodes),
        Services = Changed(from.Services, to.Services),
        ServicesGone = Gone(from.Services, to.Services),
        Vips =
        [
            .. touched
                .Select(a => to.Vips.GetValueOrDefault(a))
                .OfType<VipEntry>()
                .Where(v => !ReferenceEquals(from.Vips.GetValueOrDefault(v.Address), v))
                .OrderBy(v => v.Address),
        ],
        VipsGone = [.. touched.Where(a => from.Vips.ContainsKey(a) && !to.Vips.ContainsKey(a)).Order()],
        Verdicts = Differing(from.Verdicts, to.Verdicts),
        VerdictsGone = Gone(from.Verdicts, to.Verdicts),
        Sites = Changed(from.Sites, to.Sites),
        SitesGone = Gone(from.Sites, to.Sites),
        Feedback = Differing(from.Feedback, to.Feedback),
        FeedbackGone = Gone(from.Feedback, to.Feedback),
    };

    /// <summary>Returns false, and no map, when this delta belongs to another map.</summary>
    public bool TryApply(FleetMap map, out FleetMap next)
    {
        next = map;
        if (map.Version != From)
            return false;
        next = map with
        {
            Version = To,
            Parent = From,
            Policy = Policy ?? map.Policy,
            Nodes = map.Nodes.RemoveRange(NodesGone).SetItems(Nodes.Select(n => KeyValuePair.Create(n.Name, n))),
            Services = map.Services.RemoveRange(ServicesGone).SetItems(Services.Select(s => KeyValuePair.Create(s.Name, s))),
            Vips = map.Vips.RemoveRange(VipsGone).SetItems(Vips.Select(v => KeyValuePair.Create(v.Address, v))),
            Verdicts = map.Verdicts.RemoveRange(VerdictsGone).SetItems(Verdicts),
            Sites = map.Sites.RemoveRange(SitesGone).SetItems(Sites.Select(s => KeyValuePair.Create(s.Name, s))),
            Feedback = map.Feedback.RemoveRange(FeedbackGone).SetItems(Feedback),
        };
        return true;
    }

    private static ImmutableArray<TValue> Changed<TKey, TValue>(
        ImmutableSortedDictionary<TKey, TValue> from, ImmutableSortedDictionary<TKey, TValue> to)
        where TKey : notnull
        where TValue : class =>
        ReferenceEquals(from, to)
            ? []
            : [.. to.Where(pair => !ReferenceEquals(from.GetValueOrDefault(pair.Key), pair.Value)).Select(pair => pair.Value)];

    private static ImmutableSortedDictionary<BackendKey, T> Differing<T>(
        ImmutableSortedDictionary<BackendKey, T> from, ImmutableSortedDictionary<BackendKey, T> to)
        where T : struct =>
        ReferenceEquals(from, to)
            ? ImmutableSortedDictionary<BackendKey, T>.Empty
            : to.Where(pair => !from.TryGetValue(pair.Key, out var old) || !old.Equals(pair.Value)).ToImmutableSortedDictionary();

    private static ImmutableArray<TKey> Gone<TKey, TValue>(ImmutableSortedDictionary<TKey, TValue> from, ImmutableSortedDictionary<TKey, TValue> to)
        where TKey : notnull =>
        ReferenceEquals(from, to) ? [] : [.. from.Keys.Where(key => !to.ContainsKey(key))];
}
