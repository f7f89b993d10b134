using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Sites;

/// <summary>
/// What events do to the sites of a map, and to the shares of their nodes. A site is listed only if it has nodes and is not as
/// <see cref="SiteEntry.Well"/>.
/// </summary>
internal static class SiteFold
{
    /// <summary>Null when this fold does not handle the event.</summary>
    public static Folded? Fold(FleetState state, FleetEvent happened)
    {
        var next = happened switch
        {
            FleetEvent.SitesHeldDown e => With(state, e.Sites, site => site with { HeldDown = true }),
            FleetEvent.SitesReleased e => With(state, e.Sites, site => site with { HeldDown = false }),
            FleetEvent.OverflowSet e => With(state, e.Kept.Keys, site => site with { Kept = e.Kept[site.Name] }),
            FleetEvent.WeightsSet e => e.Weights.Aggregate(state, (s, w) => s.WithNode(w.Key, n => n with { Weight = w.Value })),
            _ => null,
        };
        return next is null ? null : Folded.Untouched(next);
    }

    private static FleetState With(FleetState state, IEnumerable<SiteName> sites, Func<SiteEntry, SiteEntry> change)
    {
        var entries = state.Map.Sites.ToBuilder();
        foreach (var site in sites.Where(s => state.Map.HasNodes(s)))
        {
            var after = change(state.Map.SiteOf(site));
            if (after == SiteEntry.Well(site))
                entries.Remove(site);
            else
                entries[site] = after;
        }

        return state with { Map = state.Map with { Sites = entries.ToImmutable() } };
    }
}
