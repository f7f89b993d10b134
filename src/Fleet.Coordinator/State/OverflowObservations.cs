using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>What was last seen of a site that services may overflow from, and what it is to keep of its own clients.</summary>
/// <param name="Kept">0 to 1.</param>
/// <param name="Load">Averaged over the last few looks.</param>
/// <param name="Connections">Accepted so far by the VIPs of services that overflow.</param>
internal sealed record SiteShare(double Kept, SiteLoad Load, long Connections);

/// <summary>The shares of all sites at a moment. A site that is out, or whose telemetry is not complete yet, keeps what the map says.</summary>
internal sealed record OverflowObservations(Instant At, ImmutableSortedDictionary<SiteName, SiteShare> Sites)
{
    public static readonly OverflowObservations None = new(Instant.Never, ImmutableSortedDictionary<SiteName, SiteShare>.Empty);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Connections that last longer than this are not waited for.</summary>
    private const double LifeMax = 60;

    /// <summary>Looks again when it is time, and only at the services that overflow; without any there is nothing to see.</summary>
    public OverflowObservations Next(FleetState state, Observed observed, Instant now)
    {
        if (now - At < Period)
            return this;
        var services = state.Map.Services.Values.Where(s => s.Gslb.Overflow).Select(s => s.Name).ToHashSet();
        if (services.Count == 0)
            return new OverflowObservations(now, ImmutableSortedDictionary<SiteName, SiteShare>.Empty);
        var elapsed = At == Instant.Never ? Period : now - At;
        var seen = state.Map.Nodes.Values.Where(SiteObservations.IsIn).GroupBy(n => n.Facts.Site)
            .Where(site => site.All(n => observed.Node(n.Name).Load.IsMeasured))
            .ToImmutableSortedDictionary(
                site => site.Key, site => Measured(state.Map, site.Key, site.Select(n => (n, observed.Node(n.Name).Load)), services, elapsed));
        return new OverflowObservations(now, seen.ToImmutableSortedDictionary(s => s.Key, s => s.Value with
        {
            Kept = OverflowControl.Next(s.Value.Kept, s.Value.Load, Others(state.Map, seen, s.Key), elapsed),
        }));
    }

    private SiteShare Measured(
        FleetMap map, SiteName site, IEnumerable<(NodeEntry Node, NodeLoad Load)> nodes, HashSet<ServiceName> services, TimeSpan elapsed)
    {
        var (limit, fix, over, connections, active) = (0.0, 0.0, 0.0, 0L, 0L);
        foreach (var (node, load) in nodes)
        {
            limit += node.Facts.CapacityBps * map.Policy.Protection.UtilisationMax;
            foreach (var (address, bps) in load.BitsPerSecond)
            {
                var overflows = map.Vips.TryGetValue(address, out var vip) && services.Contains(vip.Service);
                (fix, over) = overflows ? (fix, over + bps) : (fix + bps, over);
                connections += overflows ? load.Counters[address].Connections : 0;
                active += overflows ? load.Counters[address].Active : 0;
            }
        }

        var before = Sites.GetValueOrDefault(site);
        var perSecond = Math.Max(0, connections - (before?.Connections ?? 0)) / elapsed.TotalSeconds;
        var now = new SiteLoad(limit, fix, over, Life(before, active, perSecond));
        return new SiteShare(
            before?.Kept ?? (double)map.SiteOf(site).Kept / SiteEntry.KeptAll, before is null ? now : Average(before.Load, now), connections);
    }

    /// <summary>How long a connection lasts is how many there are over how many come each second (Little's law).</summary>
    private static double Life(SiteShare? before, long active, double perSecond) =>
        before is not null && perSecond > 0 ? Math.Min(LifeMax, active / perSecond) : before?.Load.LifeSeconds ?? 0;

    private static SiteLoad Average(SiteLoad before, SiteLoad now) => new(
        now.LimitBps, (before.FixedBps + now.FixedBps) / 2, (before.OverBps + now.OverBps) / 2, (before.LifeSeconds + now.LifeSeconds) / 2);

    private static SiteLoad Others(FleetMap map, ImmutableSortedDictionary<SiteName, SiteShare> seen, SiteName site) => seen
        .Where(s => s.Key != site && !map.SiteOf(s.Key).HeldDown)
        .Aggregate(
            default(SiteLoad),
            (sum, s) =>
                new SiteLoad(sum.LimitBps + s.Value.Load.LimitBps, sum.FixedBps + s.Value.Load.FixedBps, sum.OverBps + s.Value.Load.OverBps, 0));
}
