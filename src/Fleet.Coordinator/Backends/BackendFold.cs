using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Backends;

/// <summary>
/// What probers and feedback agents say, in the map: what an agent says only of backends that have one, and only where it is less than all.
/// </summary>
internal static class BackendFold
{
    /// <summary>Null when it is not an event of this room.</summary>
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

    /// <summary>A service has changed or gone, and with it, perhaps, backends or their agents.</summary>
    public static FleetMap Tidied(FleetMap map, ServiceName service) =>
        map with { Feedback = map.Feedback.RemoveRange(map.Feedback.Keys.Where(key => key.Service == service && !IsAsked(map, key)).ToArray()) };

    public static bool IsAsked(FleetMap map, BackendKey key) =>
        map.Services.TryGetValue(key.Service, out var service)
            && service.Pool.Feedback is not null
            && service.Pool.Backends.Any(b => b.Name == key.Backend);
}
