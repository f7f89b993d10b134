using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// A connected node joins when the map lacks it, or describes it differently than it does itself. This follows from what is observed, not from the
/// hello: a hello that came while the journal could not be written counts once it can.
/// </summary>
internal static class Admission
{
    public static IEnumerable<FleetEvent> Admit(FleetState state, Observed observed, Instant now) =>
        from node in observed.Nodes
        where node.Value.Connection is not null
        let facts = node.Value.Facts
        where facts is not null && facts != state.Map.Nodes.GetValueOrDefault(node.Key)?.Facts
        select new FleetEvent.NodeJoined(facts, node.Value.By);
}
