using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Backends;

/// <summary>
/// Writes the reports of probers and feedback agents into the map. An agent's figure is kept only for a backend that has an agent, and only when it
/// is less than all.
/// </summary>
internal static class BackendFold
{
    /// <summary>Null when this fold does not handle the event.</summary>
    public static Folded? Fold(FleetState state, FleetEvent happened) => happened switch
    {
        FleetEvent.VerdictsChanged e =>
            Folded.Untouched(state with { Map = state.Map with { Verdicts = state.Map.Verdicts.SetItems(e.Verdicts) } }),
        FleetEvent.FeedbackSet e => Folded.Untouched(state with { Map = Set(state.Map, e.Percent) }),
        _ => null,
    };

    private static FleetMap Set(FleetMap map, ImmutableSortedDictionary<BackendKey, int> percent)
    {
        var known = percent.Where(word => IsAsked(map, word.Key)).ToLookup(word => word.Value == FeedbackObservations.Whole);
        return map with { Feedback = map.Feedback.SetItems(known[false]).RemoveRange(known[true].Select(word => word.Key)) };
    }

    /// <summary>A service has changed or gone, perhaps with backends or their agents.</summary>
    public static FleetMap Tidied(FleetMap map, ServiceName service) =>
        map with { Feedback = map.Feedback.RemoveRange(map.Feedback.Keys.Where(key => key.Service == service && !IsAsked(map, key)).ToArray()) };

    public static bool IsAsked(FleetMap map, BackendKey key) =>
        map.Services.TryGetValue(key.Service, out var service)
            && service.Pool.Feedback is not null
            && service.Pool.Backends.Any(b => b.Name == key.Backend);
}
