using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// Since when each site has been in without interruption; a site that is out is missing. A site is in while one of its nodes is up and heard. A held
/// site whose nodes own VIPs must also serve at least one. This is observed and not journaled: a new leader counts from its own beginning.
/// </summary>
internal static class SiteObservations
{
    /// <param name="before">The observations before.</param>
    /// <param name="parent">The map before; the same map when nothing has changed.</param>
    /// <param name="state">The fleet as it is.</param>
    /// <param name="now">The start for sites that have come in.</param>
    public static ImmutableSortedDictionary<SiteName, Instant> Follow(
        ImmutableSortedDictionary<SiteName, Instant> before, FleetMap parent, FleetState state, Instant now)
    {
        var map = state.Map;
        var held = map.Sites.Values.Where(s => s.HeldDown).Select(s => s.Name).ToArray();
        if (held.Length == 0 && !ReferenceEquals(parent, map) && ReferenceEquals(parent.Nodes, map.Nodes) && ReferenceEquals(parent.Sites, map.Sites))
            return before;
        var isIn = map.Nodes.Values.Where(IsIn).Select(n => n.Facts.Site).ToHashSet();
        isIn.ExceptWith(held.Where(site => !Serves(state, site)));
        return isIn.ToImmutableSortedDictionary(site => site, site => before.GetValueOrDefault(site, now));
    }

    /// <summary>The node can be counted on.</summary>
    public static bool IsIn(NodeEntry node) => node is { Presence: NodePresence.Up, Suspected: false };

    private static bool Serves(FleetState state, SiteName site)
    {
        var owned = state.Map.Nodes.Values
            .Where(n => n.Facts.Site == site && IsIn(n))
            .SelectMany(n => state.Vips.OwnedBy(n.Name))
            .Select(vip => state.Map.Vips[vip].Phase)
            .ToArray();
        return owned.Length == 0 || owned.Any(phase => phase is VipPhase.Serving or VipPhase.Draining);
    }
}
