using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// A VIP that is taken out of the map is still held by its owner until that has heard of it. If the same address comes back meanwhile, in the same service or in
/// another, it waits until the owner works by a map without it, or is down.
/// </summary>
public static class Remnants
{
    public static IEnumerable<FleetEvent> Settle(FleetState state, Observed observed, Instant now)
    {
        var gone = state.Remnants.Where(r => HasLetGo(state.Map, observed, r.Value)).Select(r => r.Key).ToImmutableArray();
        if (gone.Length > 0)
            yield return new FleetEvent.RemnantsGone(gone);
    }

    /// <summary>The state with the next map, remembering who holds what is no longer in it.</summary>
    internal static FleetState Keep(FleetState state, FleetMap next, long revision) => state with
    {
        Map = next,
        Remnants = state.Remnants.SetItems(
            from vip in state.Map.Vips.Values
            where vip.Owner is not null && !next.Vips.ContainsKey(vip.Address)
            select KeyValuePair.Create(vip.Address, new Remnant(vip.Owner!.Value, revision))),
    };

    private static bool HasLetGo(FleetMap map, Observed observed, Remnant remnant) =>
        !map.Nodes.TryGetValue(remnant.Holder, out var node)
        || node.Presence == NodePresence.Down
        || observed.Of(remnant.Holder).Applied.Revision >= remnant.Since;
}
