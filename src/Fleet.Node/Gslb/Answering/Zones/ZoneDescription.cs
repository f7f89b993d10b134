using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// Says what DNS answers for a fleet map: each service's name with its candidates (<see cref="Candidates"/>), of which <see cref="SiteOrder"/> picks
/// for the clients of each site; plain records; the nodes that are up as name servers.
/// </summary>
internal static class ZoneDescription
{
    /// <summary>The label below the zone whose TXT record tells which map a node answers from.</summary>
    public const string MapLabel = "map";

    /// <summary>
    /// Describes <paramref name="map"/>. Names that are not domain names are left out: configuration refuses them earlier. Two services with one DNS
    /// name answer together, by the settings of the first.
    /// </summary>
    /// <param name="map">The whole map.</param>
    /// <param name="clients">The table of its topology, if that was made already.</param>
    /// <exception cref="FormatException">The zone's own name is not a domain name.</exception>
    public static ZoneContent Describe(FleetMap map, ClientTable? clients = null)
    {
        var policy = map.Policy.Zone;
        var vips = map.Vips.Values.ToLookup(vip => vip.Service);
        return Frame(map) with
        {
            Names = [.. ServicesByName(map).Select(named => Describe(map, named.Key, named, service => vips[service]))],
            Plain = PlainRecords.ForZone(policy),
            Clients = clients ?? ClientTable.Build(policy.Topology),
        };
    }

    /// <summary>Everything but the names, the plain records and the clients: what is cheap to describe again for every map.</summary>
    /// <exception cref="FormatException">The zone's own name is not a domain name.</exception>
    public static ZoneContent Frame(FleetMap map)
    {
        var policy = map.Policy.Zone;
        var zone = DnsName.Parse(policy.Name);
        return new ZoneContent
        {
            Zone = zone,
            Version = map.Version,
            NegativeTtlSeconds = (uint)Math.Max(0, policy.NegativeTtlSeconds),
            Mailbox = GslbNames.Below(zone, policy.Contact) ?? zone,
            MoreZones =
            [
                .. GslbNames
                    .Zones(policy)
                    .Where(other => !other.Equals(zone))
                    .Select(other => new ZoneApex(other, GslbNames.Below(other, policy.Contact) ?? other)),
            ],
            NameServers = DescribeNodes(map, zone),
            Sites = map.Sites,
        };
    }

    /// <summary>The services of each name, without names that are in none of the zones.</summary>
    public static ILookup<DnsName, Service> ServicesByName(FleetMap map)
    {
        var zones = GslbNames.Zones(map.Policy.Zone);
        return map.Services.Values
            .Select(service => (Name: GslbNames.ForService(map.Policy.Zone, service)!, Service: service))
            .Where(named => named.Name is not null && zones.Any(named.Name.IsWithin))
            .ToLookup(named => named.Name, named => named.Service);
    }

    /// <summary>One name with the candidates of its services.</summary>
    public static BalancedName Describe(FleetMap map, DnsName name, IEnumerable<Service> services, Func<ServiceName, IEnumerable<VipEntry>> vips)
    {
        var first = services.First();
        return new BalancedName(
            name,
            GslbNames.TtlOf(map.Policy.Zone, first),
            GslbNames.AnswersMaxOf(map.Policy.Zone, first),
            [
                .. services.SelectMany(
                    service => Candidates.ForService(map, service, vips(service.Name)).Where(candidate => candidate.AnswerTier != AnswerTier.Out)),
            ])
        {
            Spec = first.Gslb,
        };
    }

    /// <summary>All nodes that are up; if none is, all of them: some node must be giving this answer.</summary>
    private static ImmutableArray<NameServer> DescribeNodes(FleetMap map, DnsName zone)
    {
        NodeEntry[] up = [.. map.Nodes.Values.Where(node => node.Presence == NodePresence.Up)];
        var servers = ImmutableArray.CreateBuilder<NameServer>();
        foreach (var node in up.Length > 0 ? up : map.Nodes.Values)
        {
            if (GslbNames.Below(zone, node.Name.Value) is { } name)
                servers.Add(new NameServer(name, GlueOf(node.Facts.DnsAddress)));
        }

        return servers.ToImmutable();
    }

    private static IPAddress? GlueOf(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? null : endpoint.Address;
}
