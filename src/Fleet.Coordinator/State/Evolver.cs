using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>Folds what happened into the next state. It never refuses: what happened, happened. Events of things that are gone change nothing.</summary>
public static class Evolver
{
    /// <summary>Folds a whole entry and numbers the map with it.</summary>
    /// <exception cref="InvariantBrokenException">The entry does not follow the state.</exception>
    public static FleetState Evolve(FleetState state, JournalEntry entry)
    {
        OwnershipInvariant.Follows(state.Map.Version, entry);
        var next = entry.Events.Aggregate(state, (folded, happened) => Evolve(folded, happened, entry.Revision));
        return next with { Map = next.Map with { Version = entry.Version, Parent = state.Map.Version } };
    }

    /// <summary>Folds one event of the entry with that revision.</summary>
    public static FleetState Evolve(FleetState state, FleetEvent happened, long revision) => Fold(state, happened, revision).Following(state, happened);

    private static FleetState Fold(FleetState state, FleetEvent happened, long revision) => happened switch
    {
        FleetEvent.TermBegun or FleetEvent.ProtectionOverridden => state,
        FleetEvent.PolicySet e => LeaseChange.Keep(state, e.Policy, revision),
        FleetEvent.OldTermsGone e => state with { OldTerms = state.OldTerms.RemoveAll(old => old.Until <= e.Revision) },
        FleetEvent.ServiceApplied e => UnreleasedVips.Keep(state, ServiceFold.Apply(state.Map, e.Service), e.Service.Name, revision) with { LeftOut = state.LeftOut.Remove(e.Service.Name) },
        FleetEvent.ServiceRemoved e => UnreleasedVips.Keep(state, ServiceFold.Remove(state.Map, e.Service), e.Service, revision) with { LeftOut = state.LeftOut.Remove(e.Service) },
        FleetEvent.ServiceLeftOut e => UnreleasedVips.Keep(state, ServiceFold.Remove(state.Map, e.Service), e.Service, revision) with { LeftOut = state.LeftOut.SetItem(e.Service, e.Why) },
        FleetEvent.RemovedVipsReleased e => state with { UnreleasedVips = state.UnreleasedVips.RemoveRange(e.Vips) },
        FleetEvent.NodeJoined e => SiteFold.Tidied(state with { Map = Joined(state.Map, e.Facts) }),
        FleetEvent.NodeReturned e => WithNode(state, e.Node, n => n with { Presence = NodePresence.Up, Suspected = false }),
        FleetEvent.NodeLost e => Lost(state, e.Node),
        FleetEvent.NodesSuspected e => e.Nodes.Aggregate(state, (s, name) => WithNode(s, name, n => n with { Suspected = true })),
        FleetEvent.NodesCleared e => e.Nodes.Aggregate(state, (s, name) => WithNode(s, name, n => n with { Suspected = false })),
        FleetEvent.SitesHeldDown e => SiteFold.With(state, e.Sites, site => site with { HeldDown = true }),
        FleetEvent.SitesReleased e => SiteFold.With(state, e.Sites, site => site with { HeldDown = false }),
        FleetEvent.OverflowSet e => SiteFold.With(state, e.Kept.Keys, site => site with { Kept = e.Kept[site.Name] }),
        FleetEvent.NodeIntended e => WithNode(state, e.Node, n => n with { Intent = e.Intent }),
        FleetEvent.NodeForgotten e => SiteFold.Tidied(state with
        {
            Map = state.Map with { Nodes = state.Map.Nodes.Remove(e.Node) },
            WitnessSets = state.WitnessSets.Remove(e.Node),
        }),
        FleetEvent.WitnessesNamed e => Named(state, e.Node, e.Witnesses, revision),
        FleetEvent.WitnessesConfirmed e => Confirmed(state, e.Node, e.Revision),
        FleetEvent.WeightsSet e => e.Weights.Aggregate(state, (s, w) => WithNode(s, w.Key, n => n with { Weight = w.Value })),
        FleetEvent.VipsMoved e => WithVips(state, e.Moves.Select(m => m.Vip), (vip, i) => vip with
        {
            Owner = e.Moves[i].To,
            Successor = null,
            Phase = VipPhase.Arriving,
            Reason = e.Moves[i].Reason,
            Standbys = vip.Standbys.Remove(e.Moves[i].To),
            Since = revision,
        }),
        FleetEvent.VipsServing e => WithVips(state, e.Vips, (vip, _) => vip with { Phase = VipPhase.Serving, Since = revision }),
        FleetEvent.VipsNotServed e => WithVips(state, e.Vips, (vip, _) => vip with { Successor = null, Phase = VipPhase.Arriving, Since = revision }),
        FleetEvent.HandoversBegun e => WithVips(state, e.Moves.Select(m => m.Vip), (vip, i) => vip with
        {
            Successor = e.Moves[i].To,
            Phase = VipPhase.Draining,
            Reason = e.Moves[i].Reason,
            Since = revision,
        }),
        FleetEvent.HandoversCalledOff e => WithVips(state, e.Vips, (vip, _) => vip with { Successor = null, Phase = VipPhase.Serving, Since = revision }),
        FleetEvent.VipsReleasing e => WithVips(state, e.Vips, (vip, _) => vip with { Phase = VipPhase.Releasing, Since = revision }),
        FleetEvent.VipsUnplaced e => WithVips(state, e.Vips, (vip, _) => vip with
        {
            Owner = null,
            Successor = null,
            Phase = VipPhase.Unplaced,
            Standbys = [],
            Since = revision,
        }),
        FleetEvent.StandbysNamed e => WithVips(state, e.Vips.Select(v => v.Vip), (vip, i) => vip with { Standbys = e.Vips[i].Standbys }),
        FleetEvent.DemandMeasured e => WithVips(state, e.Vips.Select(v => v.Vip), (vip, i) => vip with { MeasuredBps = e.Vips[i].Bps, MeasuredCps = e.Vips[i].Cps }),
        FleetEvent.VerdictsChanged e => state with { Map = state.Map with { Verdicts = state.Map.Verdicts.SetItems(e.Verdicts) } },
        FleetEvent.FeedbackSet e => state with { Map = FeedbackFold.Set(state.Map, e.Percent) },
        _ => throw new UnreachableException($"No fold for {happened.GetType().Name}."),
    };

    private static FleetMap Joined(FleetMap map, NodeFacts facts)
    {
        var entry = map.Nodes.TryGetValue(facts.Name, out var known)
            ? known with { Facts = facts }
            : new NodeEntry { Facts = facts, Intent = NodeIntent.Active, Presence = NodePresence.Up };
        return map with { Nodes = map.Nodes.SetItem(facts.Name, entry) };
    }

    /// <summary>A node that is down holds nothing and comes back only through the leader, so nobody needs to watch it.</summary>
    private static FleetState Lost(FleetState state, NodeName node) =>
        WithNode(state, node, n => n with { Presence = NodePresence.Down, Suspected = false, Witnesses = [] }) with { WitnessSets = state.WitnessSets.Remove(node) };

    private static FleetState Named(FleetState state, NodeName node, ImmutableArray<NodeName> witnesses, long revision)
    {
        var sets = state.WitnessSets.GetValueOrDefault(node, []).Add(new WitnessSet(revision, witnesses));
        return WithNode(state, node, n => n with { Witnesses = witnesses }) with { WitnessSets = state.WitnessSets.SetItem(node, sets) };
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

    private static FleetState WithNode(FleetState state, NodeName node, Func<NodeEntry, NodeEntry> change) =>
        state.Map.Nodes.TryGetValue(node, out var entry)
            ? state with { Map = state.Map with { Nodes = state.Map.Nodes.SetItem(node, change(entry)) } }
            : state;

    private static FleetState WithVips(FleetState state, IEnumerable<VipAddress> addresses, Func<VipEntry, int, VipEntry> change)
    {
        var vips = state.Map.Vips.ToBuilder();
        var index = -1;
        foreach (var address in addresses)
        {
            index++;
            if (vips.TryGetValue(address, out var vip))
                vips[address] = change(vip, index);
        }

        return state with { Map = state.Map with { Vips = vips.ToImmutable() } };
    }
}
