using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>What events do to the nodes, their witnesses and the lease terms.</summary>
internal static class MembershipFold
{
    /// <summary>Null when this fold does not handle the event.</summary>
    public static Folded? Fold(FleetState state, FleetEvent happened, long revision)
    {
        var next = happened switch
        {
            FleetEvent.PolicySet e => LeaseChange.Keep(state, e.Policy, revision),
            FleetEvent.OldTermsGone e => state with { OldTerms = state.OldTerms.RemoveAll(old => old.Until <= e.Revision) },
            FleetEvent.NodeJoined e => (state with { Map = Joined(state.Map, e.Facts) }).WithoutEmptySites(),
            FleetEvent.NodeReturned e => state.WithNode(e.Node, n => n with { Presence = NodePresence.Up, Suspected = false }),
            FleetEvent.NodeLost e => Lost(state, e.Node),
            FleetEvent.NodesSuspected e => Suspected(state, e.Nodes, true),
            FleetEvent.NodesCleared e => Suspected(state, e.Nodes, false),
            FleetEvent.NodeIntended e => state.WithNode(e.Node, n => n with { Intent = e.Intent }),
            FleetEvent.NodeForgotten e => Forgotten(state, e.Node).WithoutEmptySites(),
            FleetEvent.WitnessesNamed e => Named(state, e.Node, e.Witnesses, revision),
            FleetEvent.WitnessesConfirmed e => Confirmed(state, e.Node, e.Revision),
            _ => null,
        };
        return next is null ? null : Folded.Untouched(next);
    }

    private static FleetMap Joined(FleetMap map, NodeFacts facts)
    {
        var entry = map.Nodes.TryGetValue(facts.Name, out var known)
            ? known with { Facts = facts }
            : new NodeEntry { Facts = facts, Intent = NodeIntent.Active, Presence = NodePresence.Up };
        return map with { Nodes = map.Nodes.SetItem(facts.Name, entry) };
    }

    /// <summary>A node that is down holds nothing and comes back only through the leader, so nobody needs to watch it.</summary>
    private static FleetState Lost(FleetState state, NodeName node) =>
        (state with { WitnessSets = state.WitnessSets.Remove(node) })
            .WithNode(node, n => n with { Presence = NodePresence.Down, Suspected = false, Witnesses = [] });

    private static FleetState Suspected(FleetState state, ImmutableArray<NodeName> nodes, bool suspected) =>
        nodes.Aggregate(state, (s, name) => s.WithNode(name, n => n with { Suspected = suspected }));

    private static FleetState Forgotten(FleetState state, NodeName node) => state with
    {
        Map = state.Map with { Nodes = state.Map.Nodes.Remove(node) },
        WitnessSets = state.WitnessSets.Remove(node),
    };

    private static FleetState Named(FleetState state, NodeName node, ImmutableArray<NodeName> witnesses, long revision)
    {
        var sets = state.WitnessSets.GetValueOrDefault(node, []).Add(new WitnessSet(revision, witnesses));
        return (state with { WitnessSets = state.WitnessSets.SetItem(node, sets) }).WithNode(node, n => n with { Witnesses = witnesses });
    }

    private static FleetState Confirmed(FleetState state, NodeName node, long revision)
    {
        if (!state.WitnessSets.TryGetValue(node, out var sets))
            return state;
        var inUse = sets.LastOrDefault(set => set.Revision <= revision);
        return inUse is null
            ? state
            : state with { WitnessSets = state.WitnessSets.SetItem(node, sets.RemoveAll(set => set.Revision < inUse.Revision)) };
    }
}
