using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Sites;

/// <summary>
/// The weight of a node's VIPs in DNS answers is what the node has left: 255 when idle, 1 when full, in steps of 16. It is recorded again only when
/// it is off by more than one step: answers follow the load without a new map for every packet.
/// </summary>
internal static class HeadroomWeights
{
    private const int Step = 16;

    public static IEnumerable<FleetEvent> Weigh(FleetState state, Observed observed, Instant now)
    {
        var changed = state.Map.Nodes.Values
            .Where(n => n.Presence == NodePresence.Up)
            .Select(n => (n.Name, n.Weight, Wanted: WeightOf(n, observed.Node(n.Name))))
            .Where(n => Math.Abs(n.Wanted - n.Weight) > Step)
            .ToImmutableSortedDictionary(n => n.Name, n => n.Wanted);
        if (!changed.IsEmpty)
            yield return new FleetEvent.WeightsSet(changed);
    }

    private static int WeightOf(NodeEntry node, NodeObserved observed)
    {
        var headroom = 1 - (observed.Load.TotalBitsPerSecond / Math.Max(1, node.Facts.CapacityBps));
        return Math.Clamp((int)Math.Ceiling(headroom * 255 / Step) * Step, 1, 255);
    }
}
