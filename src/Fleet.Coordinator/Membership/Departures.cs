using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>A node that leaves is forgotten once it owns no VIP and none is bound for it.</summary>
internal static class Departures
{
    public static IEnumerable<FleetEvent> Forget(FleetState state, Observed observed, Instant now) =>
        from node in state.Map.Nodes.Values
        where node.Intent == NodeIntent.Leaving
        where state.Vips.OwnedBy(node.Name).IsEmpty && !state.Vips.Unsettled.Values.Any(v => v.Successor == node.Name)
        where !state.UnreleasedVips.Values.Any(r => r.Holder == node.Name)
        select new FleetEvent.NodeForgotten(node.Name);
}
