using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Backends;

/// <summary>Combines the reports of each backend's probers into one verdict for the whole fleet. Only nodes that are heard count.</summary>
internal static class VerdictSharing
{
    public static IEnumerable<FleetEvent> Share(FleetState state, Observed observed, Instant now)
    {
        var ageMax = state.Map.Policy.Lease.DurationAndMargin;
        var changed =
            from key in observed.Words.Disputed
            where state.Map.Services.TryGetValue(key.Service, out var service) && service.Pool.Backends.Any(b => b.Name == key.Backend)
            let before = state.Map.Verdicts.GetValueOrDefault(key)
            let probers = observed.Words.SaidBy(key).Where(state.Map.Nodes.ContainsKey).Select(n => (Name: n, Seen: observed.Node(n)))
            let verdicts = probers.Select(n => new ProberVerdict(n.Name, n.Seen.Verdicts.GetValueOrDefault(key), n.Seen.LastHeard))
            let after = VerdictMajority.Combine(before, verdicts, now, ageMax)
            where after != before
            select KeyValuePair.Create(key, after);
        var all = changed.ToImmutableSortedDictionary();
        if (!all.IsEmpty)
            yield return new FleetEvent.VerdictsChanged(all);
    }
}
