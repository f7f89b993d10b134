using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>Combines what the probers of each backend say into one verdict for the whole fleet. Only nodes that are heard have a say.</summary>
public static class VerdictSharing
{
    public static IEnumerable<FleetEvent> Share(FleetState state, Observed observed, Instant now)
    {
        var ageMax = state.Map.Policy.Lease.DurationAndMargin;
        var nodes = state.Map.Nodes.Keys.Select(n => (Name: n, Seen: observed.Of(n))).ToArray();
        var changed =
            from service in state.Map.Services.Values
            from backend in service.Pool.Backends
            let key = new BackendKey(service.Name, backend.Name)
            let before = state.Map.Verdicts.GetValueOrDefault(key)
            let verdicts = nodes.Select(n => new ProberVerdict(n.Name, n.Seen.Verdicts.GetValueOrDefault(key), n.Seen.LastHeard))
            let after = VerdictMajority.Combine(before, verdicts, now, ageMax)
            where after != before
            select KeyValuePair.Create(key, after);
        var all = changed.ToImmutableSortedDictionary();
        if (!all.IsEmpty)
            yield return new FleetEvent.VerdictsChanged(all);
    }
}
