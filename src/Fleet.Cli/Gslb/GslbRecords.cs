using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Cli.Gslb;

/// <summary>One address that a name may be answered with.</summary>
/// <param name="Answered">DNS gives it out now.</param>
/// <param name="Weight">Its owner's weight, 1 to 255; null without an owner.</param>
public sealed record GslbRecord(string Name, string Type, VipAddress Vip, VipPhase Phase, bool Answered, NodeName? Owner, int? Weight);

/// <summary>
/// The zone as the map says it: a service is answered with the VIPs that serve; while none does, with those that have an owner at all,
/// because an address that may soon serve is better than none.
/// </summary>
public static class GslbRecords
{
    /// <summary>By name, then by address.</summary>
    public static ImmutableArray<GslbRecord> Of(FleetMap map) =>
        [.. map.Services.Values.SelectMany(service => Of(map, service)).OrderBy(record => record.Name, StringComparer.Ordinal).ThenBy(record => record.Vip)];

    /// <summary>The name as it is asked for: what ends with a dot or lies in the zone is whole, anything else is a label below the zone.</summary>
    public static string FullName(string name, GslbZone zone)
    {
        if (name.EndsWith('.'))
            return name[..^1];
        var whole = name.Equals(zone.Name, StringComparison.OrdinalIgnoreCase) || name.EndsWith($".{zone.Name}", StringComparison.OrdinalIgnoreCase);
        return whole ? name : $"{name}.{zone.Name}";
    }

    private static IEnumerable<GslbRecord> Of(FleetMap map, Service service)
    {
        var vips = map.Vips.Values.Where(vip => vip.Service == service.Name).ToList();
        var serving = vips.Exists(vip => vip.Phase == VipPhase.Serving);
        var name = $"{service.Gslb.Name ?? service.Name.Value}.{map.Policy.Zone.Name}";
        foreach (var vip in vips)
        {
            var node = vip.Owner is { } owner ? map.Nodes.GetValueOrDefault(owner) : null;
            var answered = serving ? vip.Phase == VipPhase.Serving : vip.Owner is not null;
            yield return new GslbRecord(name, vip.Address.IsV6 ? "AAAA" : "A", vip.Address, vip.Phase, answered, vip.Owner, node?.Weight);
        }
    }
}
