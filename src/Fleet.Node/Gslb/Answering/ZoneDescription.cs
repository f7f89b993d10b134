using System.Collections.Immutable;
using System.Net;
using Fleet.Shared.Dns;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// Says what DNS answers for a fleet map. A service answers with its <see cref="VipPhase.Serving"/> VIPs; where there are none,
/// with the <see cref="VipPhase.Quiet"/> ones, then the <see cref="VipPhase.Arriving"/> ones, for each address family by itself.
/// Never with a VIP whose owner is not up. A service whose backends are all down answers nothing, unless its pool serves all then.
/// </summary>
public static class ZoneDescription
{
    /// <summary>The label below the zone whose TXT record tells which map a node answers from.</summary>
    public const string MapLabel = "map";

    private static readonly ImmutableArray<VipPhase> PhasesByPreference = [VipPhase.Serving, VipPhase.Quiet, VipPhase.Arriving];

    /// <summary>
    /// Describes <paramref name="map"/>. Names that are not domain names are left out: configuration refuses them earlier.
    /// Two services of one DNS name answer together, with the bounds of the first.
    /// </summary>
    /// <exception cref="FormatException">The zone's own name is not a domain name.</exception>
    public static ZoneContent Describe(FleetMap map)
    {
        GslbZone policy = map.Policy.Zone;
        DnsName zone = DnsName.Parse(policy.Name);
        return new ZoneContent
        {
            Zone = zone,
            Version = map.Version,
            NegativeTtlSeconds = (uint)Math.Max(0, policy.NegativeTtlSeconds),
            Mailbox = Below(zone, policy.Contact) ?? zone,
            Names = DescribeServices(map, zone),
            NameServers = DescribeNodes(map, zone),
        };
    }

    private static ImmutableArray<BalancedName> DescribeServices(FleetMap map, DnsName zone)
    {
        ILookup<ServiceName, VipEntry> vips = map.Vips.Values.ToLookup(vip => vip.Service);
        var names = new Dictionary<DnsName, BalancedName>();
        var order = new List<DnsName>();
        foreach (Service service in map.Services.Values)
        {
            if (Below(zone, service.Gslb.Name ?? service.Name.Value) is not { } name)
                continue;
            ImmutableArray<Candidate> candidates = CandidatesOf(map, service, vips[service.Name]);
            if (names.TryGetValue(name, out BalancedName? first))
            {
                names[name] = first with { Candidates = [.. first.Candidates, .. candidates] };
                continue;
            }

            order.Add(name);
            names[name] = new BalancedName(
                name,
                (uint)Math.Max(0, service.Gslb.TtlSeconds ?? map.Policy.Zone.TtlSeconds),
                service.Gslb.AnswersMax ?? map.Policy.Zone.AnswersMax,
                candidates);
        }

        return [.. order.Select(name => names[name])];
    }

    private static ImmutableArray<Candidate> CandidatesOf(FleetMap map, Service service, IEnumerable<VipEntry> vips)
    {
        bool mayServe = service.Pool.AllDown == AllDown.ServeAll
            || service.Pool.Backends.Any(backend => map.VerdictOf(service.Name, backend.Name) != Verdict.Down);
        if (!mayServe)
            return [];
        VipEntry[] held = [.. vips.Where(vip => OwnerOf(map, vip) is { Presence: NodePresence.Up })];
        return
        [
            .. MostPreferred(held.Where(vip => !vip.Address.IsV6)).Concat(MostPreferred(held.Where(vip => vip.Address.IsV6)))
                .Select(vip => new Candidate(vip.Address.Value, Math.Max(1, OwnerOf(map, vip)!.Weight))),
        ];
    }

    private static IEnumerable<VipEntry> MostPreferred(IEnumerable<VipEntry> vips)
    {
        ILookup<VipPhase, VipEntry> byPhase = vips.ToLookup(vip => vip.Phase);
        return PhasesByPreference.Select(phase => byPhase[phase]).FirstOrDefault(found => found.Any()) ?? [];
    }

    private static NodeEntry? OwnerOf(FleetMap map, VipEntry vip) => vip.Owner is { } owner ? map.Nodes.GetValueOrDefault(owner) : null;

    /// <summary>All nodes that are up; if none is, all of them: somebody read this answer from somewhere.</summary>
    private static ImmutableArray<NameServer> DescribeNodes(FleetMap map, DnsName zone)
    {
        NodeEntry[] up = [.. map.Nodes.Values.Where(node => node.Presence == NodePresence.Up)];
        var servers = ImmutableArray.CreateBuilder<NameServer>();
        foreach (NodeEntry node in up.Length > 0 ? up : map.Nodes.Values)
        {
            if (Below(zone, node.Name.Value) is { } name)
                servers.Add(new NameServer(name, GlueOf(node.Facts.DnsAddress)));
        }

        return servers.ToImmutable();
    }

    private static IPAddress? GlueOf(IPEndPoint endpoint) =>
        endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? null : endpoint.Address;

    private static DnsName? Below(DnsName zone, string label)
    {
        if (label == "@")
            return zone;
        return DnsName.TryParse(label, out DnsName? relative) && relative.TryUnder(zone, out DnsName? name) ? name : null;
    }
}
