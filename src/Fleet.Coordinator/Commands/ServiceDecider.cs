using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Api;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Commands;

/// <summary>
/// Judges a service that is to be applied: its VIPs must be its own, and no VIP may carry more than the share-max of the smallest node.
/// </summary>
internal static class ServiceDecider
{
    public static Decision Apply(FleetMap map, Service service)
    {
        if (ServiceRules.Mistakes(service) is { IsEmpty: false } mistakes)
            return Decision.Refuse(RefusalKind.Invalid, $"Service {service.Name}: {Mistake.Join(mistakes)}.");
        if (Misnamed(map, service) is { } misnamed)
            return Decision.Refuse(RefusalKind.Invalid, $"Service {service.Name}: {misnamed}");
        if (Namesake(map, service) is { } namesake)
            return Decision.Refuse(
                RefusalKind.Conflict, $"Service {service.Name}: service {namesake} has its DNS name already: give one of them another gslb.name.");
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
        return Decision.Accept(
            $"Service {service.Name} has {vips.Length} VIPs and {service.Pool.Backends.Length} backends.", new FleetEvent.ServiceApplied(addressed));
    }

    /// <summary>What is wrong when the service's zone is none that the fleet answers for.</summary>
    private static string? Misnamed(FleetMap map, Service service) =>
        service.Gslb.Zone is { } zone && !map.Policy.Zone.AllNames().Contains(zone, StringComparer.OrdinalIgnoreCase)
        ? $"gslb.zone: found {zone}, allowed: a zone of the fleet: {string.Join(" or ", map.Policy.Zone.AllNames())}."
        : null;

    /// <summary>Another service with the same DNS name; null when there is none.</summary>
    private static ServiceName? Namesake(FleetMap map, Service service)
    {
        var (label, zone) = NameOf(map, service);
        return map.Services.Values.FirstOrDefault(other => other.Name != service.Name && NameOf(map, other) is var (theirs, where)
            && label.Equals(theirs, StringComparison.OrdinalIgnoreCase) && zone.Equals(where, StringComparison.OrdinalIgnoreCase))?.Name;
    }

    private static (string Label, string Zone) NameOf(FleetMap map, Service service) =>
        (service.Gslb.Name ?? service.Name.Value, service.Gslb.Zone ?? map.Policy.Zone.Name);

    /// <summary>The explicit VIPs, or as many as asked for: first those that the service already has, then the first free ones of the pool.</summary>
    private static bool TryAddress(
        FleetMap map, Service service, out ImmutableArray<VipAddress> vips, out string lacking)
    {
        lacking = "";
        vips = service.Vips;
        if (service.VipCount == 0)
            return true;
        var kept = map.Services.TryGetValue(service.Name, out var before) ? before.Vips.Take(service.VipCount).ToImmutableArray() : [];
        var free = map.Policy.VipPool
            .SelectMany(text => AddressRange.TryParse(text, out var range) ? range.Addresses : [])
            .Where(IsFree)
            .Take(service.VipCount - kept.Length);
        vips = [.. kept, .. free];
        if (vips.Length == service.VipCount)
            return true;
        lacking = $"Service {service.Name} wants {service.VipCount} VIPs and the pool [{string.Join(", ", map.Policy.VipPool)}] has {vips.Length} "
            + $"left: widen vip-pool.";
        return false;

        bool IsFree(VipAddress address) =>
            map.Vips.TryGetValue(address, out var vip) ? vip.Service == service.Name && !kept.Contains(address) : !kept.Contains(address);
    }

    private static string? TooLumpy(FleetMap map, Service service, int vips)
    {
        if (map.Nodes.Count == 0 || service.DemandBps == 0)
            return null;
        var most = map.Nodes.Values.Min(n => n.Facts.CapacityBps) * map.Policy.Placement.ShareMax;
        if (service.DemandBps / (double)vips <= most)
            return null;
        var needed = (int)Math.Ceiling(service.DemandBps / most);
        return $"Service {service.Name}: {service.DemandBps / 1e9:0.###} Gbit/s over {vips} VIPs is more than {map.Policy.Placement.ShareMax:P0} of "
            + $"the smallest node a VIP; it needs {needed} VIPs.";
    }

    private static string Text(Service service) => JsonSerializer.Serialize(service, ApiJson.Default.Service);
}
