using System.Collections.Immutable;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Cli.Gslb;

/// <summary>One address that a name may be answered with.</summary>
/// <param name="Answered">DNS gives it out now.</param>
/// <param name="Weight">Its owner's weight, 1 to 255; null without an owner.</param>
public sealed record GslbRecord(string Name, string Type, VipAddress Vip, VipPhase Phase, bool Answered, NodeName? Owner, int? Weight);

/// <summary>
/// The zone as the map says it, for each address family by itself: a service is answered with the VIPs that serve; where there are none, with the quiet ones, then
/// with the arriving ones; only with VIPs whose owner is up; with none where every backend is down, unless the pool serves all then.
/// Nodes answer by code of their own, so that comparing the two tells something.
/// </summary>
public static class GslbRecords
{
    private static readonly ImmutableArray<VipPhase> ByPreference = [VipPhase.Serving, VipPhase.Quiet, VipPhase.Arriving];

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
        var label = service.Gslb.Name ?? service.Name.Value;
        var name = label == "@" ? map.Policy.Zone.Name : $"{label}.{map.Policy.Zone.Name}";
        foreach (var family in map.Vips.Values.Where(vip => vip.Service == service.Name).GroupBy(vip => vip.Address.IsV6))
        {
            var phase = AnsweredPhase(map, service, family);
            foreach (var vip in family)
            {
                var owner = Owner(map, vip);
                var answered = vip.Phase == phase && owner?.Presence == NodePresence.Up;
                yield return new GslbRecord(name, family.Key ? "AAAA" : "A", vip.Address, vip.Phase, answered, vip.Owner, owner?.Weight);
            }
        }
    }

    /// <summary>The phase whose VIPs are given out; null is none.</summary>
    private static VipPhase? AnsweredPhase(FleetMap map, Service service, IEnumerable<VipEntry> vips)
    {
        var mayServe = service.Pool.AllDown == AllDown.ServeAll
            || service.Pool.Backends.Any(backend => map.VerdictOf(service.Name, backend.Name) != Verdict.Down);
        var held = vips.Where(vip => Owner(map, vip)?.Presence == NodePresence.Up).Select(vip => vip.Phase).ToHashSet();
        return mayServe ? ByPreference.Where(held.Contains).Select(phase => (VipPhase?)phase).FirstOrDefault() : null;
    }

    private static NodeEntry? Owner(FleetMap map, VipEntry vip) => vip.Owner is { } owner ? map.Nodes.GetValueOrDefault(owner) : null;
}
