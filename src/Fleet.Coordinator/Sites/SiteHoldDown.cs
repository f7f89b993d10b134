using System.Collections.Immutable;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Membership;
using Fleet.Coordinator.State;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Sites;

/// <summary>
/// A site is out while none of its nodes is up and heard. A site that goes out is held at once, and released when it has been well for the hold-down
/// without interruption: however it flaps, its clients are sent elsewhere and back once. It is held only if another site can take its clients: one
/// that has been well for some time and is heard right now. With all sites out, nothing else could be answered. More likely the leader is cut off,
/// and when it is back nobody should pay for the order in which nodes find it. With one site, or a hold-down of 0, nothing is held.
/// </summary>
internal static class SiteHoldDown
{
    /// <summary>How long another site must have been well to be counted on.</summary>
    private static readonly TimeSpan Steady = SuspicionRule.FindingMax;

    public static IEnumerable<FleetEvent> Advance(FleetState state, Observed observed, Instant now)
    {
        var map = state.Map;
        var holdDown = TimeSpan.FromMilliseconds(map.Policy.Zone.HoldDownMs);
        var released = map.Sites.Values
            .Where(s => s.HeldDown && MayAnswer(state, observed, s.Name, holdDown, now))
            .Select(s => s.Name)
            .ToImmutableArray();
        if (released.Length > 0)
            yield return new FleetEvent.SitesReleased(released);
        if (holdDown == TimeSpan.Zero || map.Nodes.Values.All(SiteObservations.IsIn))
            yield break;
        var sites = map.Nodes.Values.ToLookup(n => n.Facts.Site);
        var held = sites.Where(s => !map.SiteOf(s.Key).HeldDown && !s.Any(SiteObservations.IsIn)).Select(s => s.Key).Order().ToImmutableArray();
        if (held.Length > 0 && sites.Any(s => IsSteady(observed, s, now)))
            yield return new FleetEvent.SitesHeldDown(held);
    }

    private static bool MayAnswer(FleetState state, Observed observed, SiteName site, TimeSpan holdDown, Instant now) =>
        state.Map.Nodes.Values.All(n => n.Facts.Site == site)
        || holdDown == TimeSpan.Zero
        || (state.Map.Nodes.Values.Any(n => n.Facts.Site == site && SiteObservations.IsIn(n)) && observed.SiteSince.TryGetValue(site, out var since)
            && now - since >= holdDown);

    private static bool IsSteady(Observed observed, IGrouping<SiteName, NodeEntry> site, Instant now) =>
        site.Any(n => SiteObservations.IsIn(n) && observed.Node(n.Name) is { WasHeard: true, LeaseExpiryProof: null })
        && observed.SiteSince.TryGetValue(site.Key, out var since) && now - since >= Steady;
}
