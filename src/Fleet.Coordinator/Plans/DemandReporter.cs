using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Plans;

/// <summary>
/// Records what VIPs were measured to ask for, all that differ at once and at most every half minute. Every coordinator and planner then works by the
/// same figures, and noise asks for no new plan.
/// </summary>
internal static class DemandReporter
{
    /// <summary>How many go in one entry; the rest go in the next.</summary>
    private const int AtOnceMax = 2000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    public static IEnumerable<FleetEvent> Tell(FleetState state, Observed observed, Instant now)
    {
        if (observed.Untold.IsEmpty || now - observed.ToldAt < Period)
            yield break;
        var news = observed.Untold.Values
            .Where(d => state.Map.Vips.TryGetValue(d.Vip, out var vip) && (vip.MeasuredBps, vip.MeasuredCps) != (d.Bps, d.Cps))
            .Take(AtOnceMax)
            .ToImmutableArray();
        if (news.Length > 0)
            yield return new FleetEvent.DemandMeasured(news);
    }
}
