using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Ownership;

/// <summary>
/// A VIP that arrives is served once its owner works by the map that gave it the VIP, and does not report that it could not take it.
/// </summary>
internal static class Arrivals
{
    public static IEnumerable<FleetEvent> Confirm(FleetState state, Observed observed, Instant now)
    {
        var serving = state.Vips.Unsettled.Values
            .Where(v => v.Phase == VipPhase.Arriving && v.Owner is { } owner && Holds(observed.Node(owner), v))
            .Select(v => v.Address)
            .ToImmutableArray();
        if (serving.Length > 0)
            yield return new FleetEvent.VipsServing(serving);
    }

    private static bool Holds(NodeObserved owner, VipEntry vip) => owner.Applied.Revision >= vip.Since && !owner.Missing.Contains(vip.Address);
}
