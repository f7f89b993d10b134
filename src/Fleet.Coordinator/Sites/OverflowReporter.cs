using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Sites;

/// <summary>
/// Records how many of its own clients each site keeps: when the recorded figure is off by more than a hundredth, and when the site keeps all again.
/// A site that nothing overflows from, or that is out, keeps all.
/// </summary>
internal static class OverflowReporter
{
    private const int Noise = SiteEntry.KeptAll / 100;

    public static IEnumerable<FleetEvent> Tell(FleetState state, Observed observed, Instant now)
    {
        if (observed.Overflow.At == Instant.Never || (observed.Overflow.Sites.IsEmpty && state.Map.Sites.IsEmpty))
            yield break;
        var news = state.Map.Sites.Keys.Union(observed.Overflow.Sites.Keys)
            .Select(site => (Site: site, Told: state.Map.SiteOf(site).Kept, Kept: Wanted(state, observed, site)))
            .Where(s => Math.Abs(s.Kept - s.Told) > Noise || (s.Kept == SiteEntry.KeptAll && s.Told != s.Kept))
            .ToImmutableSortedDictionary(s => s.Site, s => s.Kept);
        if (!news.IsEmpty)
            yield return new FleetEvent.OverflowSet(news);
    }

    private static int Wanted(FleetState state, Observed observed, SiteName site)
    {
        if (observed.Overflow.Sites.TryGetValue(site, out var share))
            return OverflowControl.Permille(share.Kept);
        var isUnseen = observed.SiteSince.ContainsKey(site) && state.Map.Services.Values.Any(s => s.Gslb.Overflow);
        return isUnseen ? state.Map.SiteOf(site).Kept : SiteEntry.KeptAll;
    }
}
