using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// What the journal folds to: the map that every node gets, and what only the coordinator has to remember. A snapshot is this record as JSON.
/// </summary>
internal sealed record FleetState
{
    private static readonly ImmutableSortedDictionary<ServiceName, string> NoneLeftOut = ImmutableSortedDictionary<ServiceName, string>.Empty;

    public static readonly FleetState Empty = new() { Map = FleetMap.Empty };

    private VipIndex? _index;

    public required FleetMap Map { get; init; }

    /// <summary>
    /// Kept as events are folded, once it is there; it is made on first use. Whoever folds a long history and looks at the end alone pays for one.
    /// </summary>
    [JsonIgnore]
    public VipIndex Vips => _index?.IsOf(Map.Vips) == true ? _index : _index = VipIndex.Build(Map.Vips);

    /// <summary>Somebody has asked for the index, of this state or of one before it.</summary>
    [JsonIgnore]
    public bool IsIndexed => _index is not null;

    /// <summary>Every set of witnesses that a node may be renewing its lease by, oldest first; the last is the map's.</summary>
    public ImmutableSortedDictionary<NodeName, ImmutableArray<WitnessSet>> WitnessSets { get; init; } =
        ImmutableSortedDictionary<NodeName, ImmutableArray<WitnessSet>>.Empty;

    /// <summary>Lease terms that were changed and that some node may still renew its lease by.</summary>
    public ImmutableArray<OldTerms> OldTerms { get; init; } = [];

    /// <summary>The longest terms that any node may hold its lease by: judging by less would call nodes lost that still serve.</summary>
    [JsonIgnore]
    public LeaseTerms LongestLease => OldTerms.Aggregate(
        Map.Policy.Lease,
        (most, old) =>
            most with { DurationMs = Math.Max(most.DurationMs, old.Terms.DurationMs), MarginMs = Math.Max(most.MarginMs, old.Terms.MarginMs) });

    /// <summary>
    /// VIPs that were taken out of the map while a node held them: should they come back, nobody gets them before that node has let go.
    /// </summary>
    public ImmutableSortedDictionary<VipAddress, UnreleasedVip> UnreleasedVips { get; init; } =
        ImmutableSortedDictionary<VipAddress, UnreleasedVip>.Empty;

    /// <summary>Services in the history that break the rules, with the reason: they are not in the map.</summary>
    public ImmutableSortedDictionary<ServiceName, string> LeftOut { get; init => field = value ?? NoneLeftOut; } = NoneLeftOut;

    /// <summary>With one node changed; one that is not there changes nothing.</summary>
    internal FleetState WithNode(NodeName node, Func<NodeEntry, NodeEntry> change) => Map.Nodes.TryGetValue(node, out var entry)
        ? this with { Map = Map with { Nodes = Map.Nodes.SetItem(node, change(entry)) } }
        : this;

    /// <summary>Without what the map knows of sites whose last node is gone.</summary>
    internal FleetState WithoutEmptySites()
    {
        var empty = Map.Sites.Keys.Where(site => !Map.HasNodes(site)).ToArray();
        return empty.Length == 0 ? this : this with { Map = Map with { Sites = Map.Sites.RemoveRange(empty) } };
    }

    /// <summary>This state with an index made from the other state's: its map came from the other's by touching those VIPs.</summary>
    internal FleetState Following(FleetState before, IReadOnlyCollection<VipAddress> touched) =>
        !before.IsIndexed || ReferenceEquals(before.Map.Vips, Map.Vips) ? this : this with { _index = before.Vips.Follow(Map.Vips, touched) };
}

/// <summary>The lease terms of the maps before that revision.</summary>
internal sealed record OldTerms(long Until, LeaseTerms Terms);

/// <summary>The node that held a VIP when it was taken out of the map, at that revision.</summary>
internal sealed record UnreleasedVip(NodeName Holder, long Since);

/// <summary>The witnesses a node was given at a revision.</summary>
internal sealed record WitnessSet(long Revision, ImmutableArray<NodeName> Witnesses);
