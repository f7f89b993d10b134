using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// Lease terms change with the map, and a node that has not heard of the new terms goes by the old. While there may be such a node, silence is judged
/// by the longest terms. A node cuts its own lease to the new length before it reports the new map, so its report is enough.
/// </summary>
internal static class LeaseChange
{
    public static IEnumerable<FleetEvent> Confirm(FleetState state, Observed observed, Instant now)
    {
        if (state.OldTerms.IsEmpty)
            yield break;
        var slowest = state.Map.Nodes.Values.Where(n => n.Presence == NodePresence.Up)
            .Select(n => observed.Node(n.Name).Applied.Revision)
            .DefaultIfEmpty(long.MaxValue).Min();
        if (state.OldTerms.Any(old => old.Until <= slowest))
            yield return new FleetEvent.OldTermsGone(slowest);
    }

    internal static FleetState Keep(FleetState state, FleetPolicy next, long revision) => state with
    {
        Map = state.Map with { Policy = next },
        OldTerms = state.Map.Policy.Lease == next.Lease ? state.OldTerms : state.OldTerms.Add(new OldTerms(revision, state.Map.Policy.Lease)),
    };
}
