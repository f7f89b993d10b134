using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>What events do to the sites of a map: only those that have nodes and are not as <see cref="SiteEntry.Well"/> are kept.</summary>
internal static class SiteFold
{
    public static FleetState With(FleetState state, IEnumerable<SiteName> sites, Func<SiteEntry, SiteEntry> change)
    {
        var entries = state.Map.Sites.ToBuilder();
        foreach (var site in sites.Where(s => HasNodes(state.Map, s)))
        {
            var after = change(state.Map.SiteOf(site));
            if (after == SiteEntry.Well(site))
                entries.Remove(site);
            else
                entries[site] = after;
        }

        return state with { Map = state.Map with { Sites = entries.ToImmutable() } };
    }

    /// <summary>Without the sites whose last node is gone.</summary>
    public static FleetState Tidied(FleetState state)
    {
        var empty = state.Map.Sites.Keys.Where(site => !HasNodes(state.Map, site)).ToArray();
        return empty.Length == 0 ? state : state with { Map = state.Map with { Sites = state.Map.Sites.RemoveRange(empty) } };
    }

    private static bool HasNodes(FleetMap map, SiteName site) => map.Nodes.Values.Any(n => n.Facts.Site == site);
}
