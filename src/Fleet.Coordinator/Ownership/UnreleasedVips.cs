using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Ownership;

/// <summary>
/// A VIP that is taken out of the map is still held by its owner until the owner has heard of it. If the same address comes back meanwhile, in the
/// same service or in another, it waits until the owner works by a map without it, or is down.
/// </summary>
internal static class UnreleasedVips
{
    public static IEnumerable<FleetEvent> Free(FleetState state, Observed observed, Instant now)
    {
        var gone = state.UnreleasedVips.Where(r => HasLetGo(state.Map, observed, r.Value)).Select(r => r.Key).ToImmutableArray();
        if (gone.Length > 0)
            yield return new FleetEvent.RemovedVipsReleased(gone);
    }

    /// <summary>The state with the next map, remembering who holds what the service no longer has.</summary>
    internal static FleetState Keep(FleetState state, FleetMap next, ServiceName service, long revision) => state with
    {
        Map = next,
        UnreleasedVips = state.UnreleasedVips.SetItems(
            from address in state.Map.Services.GetValueOrDefault(service)?.Vips ?? []
            where !next.Vips.ContainsKey(address) && state.Map.Vips.GetValueOrDefault(address)?.Owner is not null
            select KeyValuePair.Create(address, new UnreleasedVip(state.Map.Vips[address].Owner!.Value, revision))),
    };

    private static bool HasLetGo(FleetMap map, Observed observed, UnreleasedVip unreleased) =>
        !map.Nodes.TryGetValue(unreleased.Holder, out var node)
        || node.Presence == NodePresence.Down
        || observed.Node(unreleased.Holder).Applied.Revision >= unreleased.Since;
}
