using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>Combines what the probers of each backend say into one verdict for the whole fleet. Only nodes that are heard have a say.</summary>
public static class VerdictSharing
{
    public static IEnumerable<FleetEvent> Share(FleetState state, Observed observed, Instant now)
    {
        var lease = state.Map.Policy.Lease;
        var heard = state.Map.Nodes.Keys.Select(observed.Of)
            .Where(n => n.Connection is not null && !LivenessRule.IsSuspect(n, lease, now))
            .ToArray();
        var changed =
            from service in state.Map.Services.Values
            from backend in service.Pool.Backends
            let key = new BackendKey(service.Name, backend.Name)
            let before = state.Map.Verdicts.GetValueOrDefault(key)
            let verdicts = heard.Select(n => n.Verdicts.GetValueOrDefault(key)).ToArray()
            let after = Combine(before, verdicts)
            where after != before
            select KeyValuePair.Create(key, after);
        var all = changed.ToImmutableSortedDictionary();
        if (!all.IsEmpty)
            yield return new FleetEvent.VerdictsChanged(all);
    }

    private static Verdict Combine(Verdict before, Verdict[] verdicts)
    {
        var up = verdicts.Count(v => v == Verdict.Up);
        var down = verdicts.Count(v => v == Verdict.Down);
        return up == down ? before : up > down ? Verdict.Up : Verdict.Down;
    }
}
