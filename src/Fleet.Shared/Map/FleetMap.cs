using System.Collections.Immutable;
using Fleet.Shared.Model;

namespace Fleet.Shared.Map;

/// <summary>
/// The description of who owns which VIP and what DNS answers: immutable, numbered, with a parent. Every node has all of it. A map is never edited:
/// the next is made.
/// </summary>
public sealed record FleetMap
{
    public static readonly FleetMap Empty = new() { Policy = FleetPolicy.Default };

    public MapVersion Version { get; init; }

    /// <summary>The version this one was made from.</summary>
    public MapVersion Parent { get; init; }

    public required FleetPolicy Policy { get; init; }

    public ImmutableSortedDictionary<NodeName, NodeEntry> Nodes { get; init; } = ImmutableSortedDictionary<NodeName, NodeEntry>.Empty;

    public ImmutableSortedDictionary<ServiceName, Service> Services { get; init; } = ImmutableSortedDictionary<ServiceName, Service>.Empty;

    public ImmutableSortedDictionary<VipAddress, VipEntry> Vips { get; init; } = ImmutableSortedDictionary<VipAddress, VipEntry>.Empty;

    /// <summary>Sites that differ from <see cref="SiteEntry.Well"/>.</summary>
    public ImmutableSortedDictionary<SiteName, SiteEntry> Sites
    {
        get;
        init => field = value ?? ImmutableSortedDictionary<SiteName, SiteEntry>.Empty;
    } = ImmutableSortedDictionary<SiteName, SiteEntry>.Empty;

    /// <summary>What feedback agents report, in per cent of a backend's own weight, 0 to 100; a backend that is missing counts as 100.</summary>
    public ImmutableSortedDictionary<BackendKey, int> Feedback { get; init => field = value ?? ImmutableSortedDictionary<BackendKey, int>.Empty; } =
        ImmutableSortedDictionary<BackendKey, int>.Empty;

    /// <summary>What the fleet's probers agree on; a backend that is missing is <see cref="Verdict.Unknown"/>.</summary>
    public ImmutableSortedDictionary<BackendKey, Verdict> Verdicts { get; init; } = ImmutableSortedDictionary<BackendKey, Verdict>.Empty;

    /// <summary>The only site that VIP may lie in: its own, or that of its service; null is any.</summary>
    public SiteName? SiteOf(VipEntry vip) => vip.Site ?? Services.GetValueOrDefault(vip.Service)?.Site;

    public bool HasNodes(SiteName site) => Nodes.Values.Any(node => node.Facts.Site == site);

    public SiteEntry SiteOf(SiteName site) => Sites.GetValueOrDefault(site) ?? SiteEntry.Well(site);

    public Verdict VerdictOf(ServiceName service, string backend) => Verdicts.GetValueOrDefault(new BackendKey(service, backend));
}
