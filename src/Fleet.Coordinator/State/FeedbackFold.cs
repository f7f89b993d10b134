using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>What feedback agents say, in the map: of backends that have an agent, and only where it is less than all.</summary>
internal static class FeedbackFold
{
    public const int Whole = 100;

    public static FleetMap Set(FleetMap map, ImmutableSortedDictionary<BackendKey, int> percent)
    {
        var known = percent.Where(word => IsAsked(map, word.Key)).ToLookup(word => word.Value == Whole);
        return map with { Feedback = map.Feedback.SetItems(known[false]).RemoveRange(known[true].Select(word => word.Key)) };
    }

    /// <summary>A service has changed or gone, and with it, perhaps, backends or their agents.</summary>
    public static FleetMap Tidied(FleetMap map, ServiceName service) =>
        map with { Feedback = map.Feedback.RemoveRange(map.Feedback.Keys.Where(key => key.Service == service && !IsAsked(map, key)).ToArray()) };

    public static bool IsAsked(FleetMap map, BackendKey key) =>
        map.Services.TryGetValue(key.Service, out var service) && service.Pool.Feedback is not null && service.Pool.Backends.Any(b => b.Name == key.Backend);
}
