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
        var answers = map.Services.Values.SelectMany(service => ForService(map, service, vips[service.Name]));
        return
        [
            .. answers.GroupBy(answer => (answer.Name, answer.Type))
                .Select(same => new RecordSet(
                    same.Key.Name,
                    same.Key.Type,
                    same.First().Ttl,
                    [.. same.Select(answer => answer.Data).DistinctBy(data => Convert.ToHexString(data.AsSpan()))]))
                .OrderBy(set => set.Name.ToString(), StringComparer.Ordinal)
                .ThenBy(set => set.Type),
        ];
    }

    /// <summary>The same of one service alone, at the cost of that service, each address with what is known of it.</summary>
    public static IEnumerable<PresentAnswer> ForService(FleetMap map, Service service) =>
        ForService(map, service, service.Vips.Order().Select(vip => map.Vips.GetValueOrDefault(vip)).OfType<VipEntry>());

    private static IEnumerable<PresentAnswer> ForService(FleetMap map, Service service, IEnumerable<VipEntry> vips)
    {
        if (GslbNames.ForService(map.Policy.Zone, service) is not { } name)
            yield break;
        var candidates = Candidates.ForService(map, service, vips);
        var ttl = GslbNames.TtlOf(map.Policy.Zone, service);
        var any = false;
        foreach (var (type, family) in new[] { (DnsType.A, AddressFamily.InterNetwork), (DnsType.Aaaa, AddressFamily.InterNetworkV6) })
        {
            foreach (var i in SiteOrder.Choose(map.Sites, service.Gslb, candidates, family, client: null).First)
            {
                any = true;
                yield return new PresentAnswer(name, type, ttl, [.. candidates[i].Address.GetAddressBytes()], candidates[i]);
            }
        }

        if (!any && service.Gslb.Fallback is { } fallback && DnsName.TryParse(fallback, out var other))
            yield return new PresentAnswer(name, DnsType.Cname, ttl, [.. other.Wire], null);
    }
}

/// <summary>One record that a service's name is answered with.</summary>
/// <param name="Ttl">Seconds.</param>
/// <param name="Candidate">The address in it; null where the record is the service's fallback.</param>
public sealed record PresentAnswer(DnsName Name, DnsType Type, uint Ttl, ImmutableArray<byte> Data, Candidate? Candidate);
