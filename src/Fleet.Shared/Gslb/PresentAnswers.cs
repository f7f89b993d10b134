using System.Collections.Immutable;
using System.Net.Sockets;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>
/// What the services' names are answered with at this moment, for those that cannot decide query by query: other servers, zone transfers. Clients are
/// taken to be of no site. All candidates of the choice are included, not just <c>answers-max</c> of them; weights are lost.
/// </summary>
public static class PresentAnswers
{
    /// <summary>By name, then type. Names with nothing to answer are left out.</summary>
    public static ImmutableArray<RecordSet> FromMap(FleetMap map)
    {
        var vips = map.Vips.Values.ToLookup(vip => vip.Service);
        var sets = map.Services.Values.SelectMany(service => FromMap(map, service, vips[service.Name]));
        return
        [
            .. sets.GroupBy(set => (set.Name, set.Type))
                .Select(
                    same => same.First() with { Data = [.. same.SelectMany(set => set.Data).DistinctBy(data => Convert.ToHexString(data.AsSpan()))] })
                .OrderBy(set => set.Name.ToString(), StringComparer.Ordinal)
                .ThenBy(set => set.Type),
        ];
    }

    /// <summary>The same of one service alone, at the cost of that service.</summary>
    public static IEnumerable<RecordSet> ForService(FleetMap map, Service service) =>
        FromMap(map, service, service.Vips.Order().Select(vip => map.Vips.GetValueOrDefault(vip)).OfType<VipEntry>());

    private static IEnumerable<RecordSet> FromMap(FleetMap map, Service service, IEnumerable<VipEntry> vips)
    {
        if (GslbNames.ForService(map.Policy.Zone, service) is not { } name)
            yield break;
        var candidates = Candidates.ForService(map, service, vips);
        var ttl = GslbNames.TtlOf(map.Policy.Zone, service);
        var any = false;
        foreach (var (type, family) in new[] { (DnsType.A, AddressFamily.InterNetwork), (DnsType.Aaaa, AddressFamily.InterNetworkV6) })
        {
            var first = SiteOrder.Choose(map.Sites, service.Gslb, candidates, family, client: null).First;
            if (first.IsEmpty)
                continue;
            any = true;
            yield return new RecordSet(name, type, ttl, [.. first.Select(i => candidates[i].Address.GetAddressBytes().ToImmutableArray())]);
        }

        if (!any && service.Gslb.Fallback is { } fallback && DnsName.TryParse(fallback, out var other))
            yield return new RecordSet(name, DnsType.Cname, ttl, [[.. other.Wire]]);
    }
}
