using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Shared.Api;
using Fleet.Shared.Config;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.State;

/// <summary>Judges a service that is to be applied: its VIPs must be its own, and no VIP may carry more than the share-max of the smallest node.</summary>
internal static class ServiceDecider
{
    public static Decision Apply(FleetMap map, Service service)
    {
        if (Invalid(service) is { } mistake)
            return Decision.Refuse(RefusalKind.Invalid, $"Service {service.Name}: {mistake}");
        if (!TryAddress(map, service, out var vips, out var lacking))
            return Decision.Refuse(RefusalKind.Conflict, lacking);
        foreach (var vip in vips)
        {
            if (map.Vips.TryGetValue(vip, out var taken) && taken.Service != service.Name)
                return Decision.Refuse(RefusalKind.Conflict, $"VIP {vip} belongs to service {taken.Service}.");
        }

        if (TooLumpy(map, service, vips.Length) is { } lump)
            return Decision.Refuse(RefusalKind.Conflict, lump);
        var addressed = service with { Vips = vips, VipCount = 0 };
        if (map.Services.TryGetValue(service.Name, out var before) && Text(before) == Text(addressed))
            return Decision.Accept($"Service {service.Name} is so already.");
        return Decision.Accept($"Service {service.Name} has {vips.Length} VIPs and {service.Pool.Backends.Length} backends.", new FleetEvent.ServiceApplied(addressed));
    }

    private static string? Invalid(Service service) => service switch
    {
        { Name.Value: "" or null } => "it needs a name.",
        { Listeners.IsDefaultOrEmpty: true } => "it needs a listener.",
        { Vips.IsDefault: true } or { Pool.Backends.IsDefault: true } => "vips and backends must be lists.",
        { Vips.Length: > 0, VipCount: > 0 } => "give either a list of VIPs or their number, not both.",
        { Vips.Length: 0, VipCount: <= 0 } => "it needs VIPs.",
        _ when service.Listeners.Any(l => l.Port is < 1 or > 65535) => "ports lie between 1 and 65535.",
        _ when service.Vips.Distinct().Count() != service.Vips.Length => "a VIP is listed twice.",
        _ when Misbound(service) is { } mistake => mistake,
        _ when service.Pool.Backends.Select(b => b.Name).Distinct().Count() != service.Pool.Backends.Length => "two backends have one name.",
        _ => null,
    };

    private static string? Misbound(Service service)
    {
        if (service.SiteVips.Values.Any(vips => vips.IsDefaultOrEmpty))
            return "a site that is given VIPs must be given some.";
        var bound = service.SiteVips.Values.SelectMany(vips => vips).ToArray();
        if (bound.Except(service.Vips).Take(1).ToArray() is [var stranger])
            return $"{stranger} is given to a site and is none of its VIPs.";
        if (bound.Distinct().Count() != bound.Length)
            return "a VIP is given to two sites.";
        return service.Site is { } only && service.SiteVips.Keys.FirstOrDefault(site => site != only) is { Value: not null } other
            ? $"its VIPs lie in site {only}, and some are given to site {other}."
            : null;
    }

    /// <summary>The explicit VIPs, or as many as asked for: those it has from before, then the first free ones of the pool.</summary>
    private static bool TryAddress(
        FleetMap map, Service service, out ImmutableArray<VipAddress> vips, out string lacking)
    {
        lacking = "";
        vips = service.Vips;
        if (service.VipCount == 0)
            return true;
        var kept = map.Services.TryGetValue(service.Name, out var before) ? before.Vips.Take(service.VipCount).ToImmutableArray() : [];
        var free = map.Policy.VipPool.SelectMany(text => AddressRange.TryParse(text, out var range) ? range.Addresses : []).Where(IsFree).Take(service.VipCount - kept.Length);
        vips = [.. kept, .. free];
        if (vips.Length == service.VipCount)
            return true;
        lacking = $"Service {service.Name} wants {service.VipCount} VIPs and the pool [{string.Join(", ", map.Policy.VipPool)}] has {vips.Length} left: widen vip-pool.";
        return false;

        bool IsFree(VipAddress address) => map.Vips.TryGetValue(address, out var vip) ? vip.Service == service.Name && !kept.Contains(address) : !kept.Contains(address);
    }

    private static string? TooLumpy(FleetMap map, Service service, int vips)
    {
        if (map.Nodes.Count == 0 || service.DemandBps == 0)
            return null;
        var most = map.Nodes.Values.Min(n => n.Facts.CapacityBps) * map.Policy.Placement.ShareMax;
        if (service.DemandBps / (double)vips <= most)
            return null;
        var needed = (int)Math.Ceiling(service.DemandBps / most);
        return $"Service {service.Name}: {service.DemandBps / 1e9:0.###} Gbit/s over {vips} VIPs is more than {map.Policy.Placement.ShareMax:P0} of the smallest node a VIP; it needs {needed} VIPs.";
    }

    private static string Text(Service service) => JsonSerializer.Serialize(service, ApiJson.Default.Service);
}
