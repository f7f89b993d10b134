using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Backends;

/// <summary>
/// Combines what a backend's probers hear from its feedback agent into one figure for the fleet: the median over the probers that are heard. A new
/// figure is reported when the old one is off by five points or more, or when it reaches or leaves 0, and at most twice a second: noise makes no new
/// maps.
/// </summary>
internal static class FeedbackReporter
{
    private const int Noise = 5;

    /// <summary>From one report to the next.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<FleetEvent> Tell(FleetState state, Observed observed, Instant now)
    {
        if (observed.Feedback.News.IsEmpty || now - observed.Feedback.ToldAt < Period)
            yield break;
        var ageMax = state.Map.Policy.Lease.DurationAndMargin;
        var changed =
            from key in observed.Feedback.News
            where BackendFold.IsAsked(state.Map, key)
            let heard = observed.Feedback
                .ReportedFor(key)
                .Where(word => state.Map.Nodes.ContainsKey(word.Key) && now - observed.Node(word.Key).LastHeard <= ageMax)
            let percent = Median([.. heard.Select(word => word.Value)])
            where percent is not null && IsWorthReporting(state.Map.Feedback.GetValueOrDefault(key, FeedbackObservations.Whole), percent.Value)
            select KeyValuePair.Create(key, percent!.Value);
        var all = changed.ToImmutableSortedDictionary();
        if (!all.IsEmpty)
            yield return new FleetEvent.FeedbackSet(all);
    }

    /// <summary>For an even number, the mean of the two in the middle, rounded up; null for none.</summary>
    public static int? Median(ImmutableArray<int> words)
    {
        if (words.IsEmpty)
            return null;
        var sorted = words.Sort();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2] + 1) / 2;
    }

    private static bool IsWorthReporting(int told, int percent) => Math.Abs(told - percent) >= Noise || (told == 0) != (percent == 0);
}
