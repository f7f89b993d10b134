using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// What the journal folds to: the map that every node gets, and what only the coordinator has to remember. A snapshot is this record as JSON.
/// </summary>
public sealed record FleetState
{
    public static readonly FleetState Empty = new() { Map = FleetMap.Empty };

    public required FleetMap Map { get; init; }

    /// <summary>Every set of watchers that a node may be renewing its lease by, oldest first; the last is the map's.</summary>
    public ImmutableSortedDictionary<NodeName, ImmutableArray<WatcherSet>> WatcherSets { get; init; } =
        ImmutableSortedDictionary<NodeName, ImmutableArray<WatcherSet>>.Empty;

    /// <summary>VIPs that were taken out of the map while a node held them: should they come back, nobody gets them before that node has let go.</summary>
    public ImmutableSortedDictionary<VipAddress, Remnant> Remnants { get; init; } = ImmutableSortedDictionary<VipAddress, Remnant>.Empty;
}

/// <summary>The node that held a VIP when it was taken out of the map, at that revision.</summary>
public sealed record Remnant(NodeName Holder, long Since);

/// <summary>The watchers a node was given at a revision.</summary>
public sealed record WatcherSet(long Revision, ImmutableArray<NodeName> Watchers);
