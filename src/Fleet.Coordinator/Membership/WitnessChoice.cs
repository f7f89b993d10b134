using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Membership;

/// <summary>
/// Names 2k+1 witnesses for every node that is up, or all its peers where there are fewer. Witnesses that are up are kept; new ones come from other
/// domains first, then from the next names in the ring, so that the work is spread.
/// </summary>
internal static class WitnessChoice
{
    public static IEnumerable<FleetEvent> Name(FleetState state, Observed observed, Instant now)
    {
        var up = state.Map.Nodes.Values.Where(n => n.Presence == NodePresence.Up).ToImmutableArray();
        var names = up.Select(n => n.Name).ToHashSet();
        var wanted = WitnessQuorum.Wanted(state.Map.Policy.Protection.Nodes);
        for (var i = 0; i < up.Length; i++)
        {
            var witnesses = Choose(up, names, i, wanted);
            if (!state.WitnessSets.ContainsKey(up[i].Name) || !witnesses.SequenceEqual(up[i].Witnesses))
                yield return new FleetEvent.WitnessesNamed(up[i].Name, witnesses);
        }
    }

    /// <summary>A node that works by a newer map has left its older witnesses behind.</summary>
    public static IEnumerable<FleetEvent> Confirm(FleetState state, Observed observed, Instant now) =>
        from sets in state.WitnessSets
        where sets.Value.Length > 1
        let applied = observed.Node(sets.Key).Applied.Revision
        where sets.Value.Skip(1).Any(set => set.Revision <= applied)
        select new FleetEvent.WitnessesConfirmed(sets.Key, applied);

    private static ImmutableArray<NodeName> Choose(ImmutableArray<NodeEntry> up, HashSet<NodeName> names, int watched, int wanted)
    {
        var node = up[watched];
        var kept = node.Witnesses.Where(names.Contains).Take(wanted).ToImmutableArray();
        if (kept.Length == Math.Min(wanted, up.Length - 1))
            return kept;
        var ring = Enumerable.Range(1, up.Length - 1).Select(step => up[(watched + step) % up.Length]);
        var added = ring
            .Where(n => !kept.Contains(n.Name))
            .OrderBy(n => n.Facts.Site == node.Facts.Site && n.Facts.Domain == node.Facts.Domain)
            .Select(n => n.Name)
            .Take(wanted - kept.Length);
        return [.. kept, .. added];
    }
}
