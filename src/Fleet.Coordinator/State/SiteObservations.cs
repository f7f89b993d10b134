using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>
/// Since when each site has been in without interruption; a site that is out is missing. It is in while a node of it is up and heard; one that is
/// held must also serve: where its nodes own VIPs, at least one. This is observed and not journaled: a new leader counts from its own beginning.
/// </summary>
internal static class SiteObservations
{
    /// <param name="before">What it was.</param>
    /// <param name="parent">The map that went before; the same where nothing has.</param>
    /// <param name="state">The fleet as it is.</param>
    /// <param name="now">Counts for those that have come in.</param>
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

    /// <summary>It can be counted on.</summary>
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
