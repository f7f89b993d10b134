using System.Collections.Immutable;
using System.Net.Sockets;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Cli.Gslb;

/// <summary>One address that a name may be answered with.</summary>
/// <param name="Site">Where it is; null is nowhere in particular.</param>
/// <param name="Phase">Of a backend in direct-to-node: serving while it is up, arriving while it is unknown.</param>
/// <param name="Answered">DNS gives it out now, to clients of some site or of none.</param>
/// <param name="Holder">The VIP's owner, or the backend's name.</param>
/// <param name="Weight">Its chance next to its siblings; null where it is not answered at all.</param>
internal sealed record GslbRecord(
    string Name, string Type, string Address, SiteName? Site, VipPhase Phase, bool Answered, string? Holder, int? Weight);

/// <summary>The zone as the map says it, and what a question may be answered with.</summary>
internal static class GslbRecords
{
    /// <summary>By name, then by address.</summary>
    public static ImmutableArray<GslbRecord> FromMap(FleetMap map)
    {
        var vips = map.Vips.Values.ToLookup(vip => vip.Service);
        return
        [
            .. map.Services.Values
                .SelectMany(service => FromMap(map, service, vips[service.Name]))
                .OrderBy(record => record.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The full name to ask for: a name that ends with a dot or lies in a zone is whole, anything else is a label below the primary zone.
    /// </summary>
    public static string FullName(string name, GslbZone zone)
    {
        if (name.EndsWith('.'))
            return name[..^1];
        var whole = zone.AllNames()
            .Any(of => name.Equals(of, StringComparison.OrdinalIgnoreCase) || name.EndsWith($".{of}", StringComparison.OrdinalIgnoreCase));
        return whole ? name : $"{name}.{zone.Name}";
    }

    /// <summary>The services that are asked for by a name.</summary>
    public static ImmutableArray<Service> ServicesOf(FleetMap map, string name) =>
        DnsName.TryParse(name, out var asked)
            ? [.. map.Services.Values.Where(service => asked.Equals(GslbNames.ForService(map.Policy.Zone, service)))]
            : [];

    /// <summary>
    /// The addresses that a client may be answered with; a client whose address is not known may be of any site. Null where the map does not say:
    /// names of no service, types that are not addresses, and a fallback's CNAME.
    /// </summary>
    public static ImmutableSortedSet<string>? Possible(FleetMap map, string name, DnsType type, ClientSubnet? client)
    {
        var services = ServicesOf(map, name);
        if (services.IsEmpty || type is not (DnsType.A or DnsType.Aaaa))
            return null;
        var addresses = services.SelectMany(service =>
        {
            var candidates = Candidates.ForService(map, service);
            return Clients(map, client)
                .SelectMany(site => Drawn(map, service, candidates, FamilyOf(type), site))
                .Select(i => candidates[i].Address.ToString());
        }).ToImmutableSortedSet(StringComparer.Ordinal);
        return addresses.IsEmpty && services.Any(service => service.Gslb.Fallback is not null) ? null : addresses;
    }

    private static IEnumerable<GslbRecord> FromMap(FleetMap map, Service service, IEnumerable<VipEntry> vips)
    {
        var candidates = Candidates.ForService(map, service, vips);
        var name = GslbNames.ForService(map.Policy.Zone, service)?.ToString() ?? service.Name.Value;
        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            var answered = Clients(map, null).SelectMany(site => Drawn(map, service, candidates, family, site)).ToHashSet();
            for (var i = 0; i < candidates.Length; i++)
            {
                var candidate = candidates[i];
                if (candidate.Address.AddressFamily != family)
                    continue;
                yield return new GslbRecord(
                    name,
                    family == AddressFamily.InterNetwork ? "A" : "AAAA",
                    candidate.Address.ToString(),
                    candidate.Site,
                    candidate.Phase,
                    answered.Contains(i),
                    candidate.Holder,
                    candidate.AnswerTier == AnswerTier.Out ? null : candidate.Weight);
            }
        }
    }

    private static IEnumerable<int> Drawn(FleetMap map, Service service, ImmutableArray<Candidate> candidates, AddressFamily family, SiteName? site)
    {
        var choice = SiteOrder.Choose(map.Sites, service.Gslb, candidates, family, site);
        return choice.First.Concat(choice.Elsewhere);
    }

    private static IEnumerable<SiteName?> Clients(FleetMap map, ClientSubnet? client)
    {
        if (client is not { SourcePrefix: > 0 } subnet)
            return [null, .. map.Policy.Zone.Topology.Keys];
        var table = ClientTable.Build(map.Policy.Zone.Topology);
        return [table.NameOf(table.Find(subnet.Address, subnet.Family == 2))];
    }

    private static AddressFamily FamilyOf(DnsType type) => type == DnsType.Aaaa ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
}
