using System.Collections.Immutable;
using Fleet.Shared.Config;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>A zone on another server, and what the fleet wants of it.</summary>
/// <param name="Cluster">The fleet's name: the records of two fleets may lie in one zone.</param>
/// <param name="FleetZone">The zone whose names are published.</param>
/// <param name="Zone">The zone they are published to.</param>
/// <param name="Ttl">Seconds.</param>
internal sealed record PublishTarget(string Cluster, DnsName FleetZone, DnsName Zone, uint Ttl, bool TakeOver)
{
    /// <summary>What other servers can hold; SOA and NS are theirs.</summary>
    private static readonly ImmutableHashSet<DnsType> Publishable =
        [DnsType.A, DnsType.Aaaa, DnsType.Cname, DnsType.Txt, DnsType.Mx, DnsType.Srv, DnsType.Caa, DnsType.Ptr];

    public static PublishTarget Create(PublishSettings settings, string cluster, string primaryZone)
    {
        var fleetZone = settings.FleetZone ?? primaryZone;
        return new PublishTarget(
            cluster, DnsName.Parse(fleetZone), DnsName.Parse(settings.Zone ?? fleetZone), (uint)settings.TtlSeconds, settings.TakeOver);
    }

    /// <summary>The present answers as this zone should hold them: its own names, each record with the TTL asked for.</summary>
    public ZoneRecords Wanted(ImmutableArray<RecordSet> answers) => ZoneRecords.FromRecords(
        from set in answers
        where Publishable.Contains(set.Type) && !set.Data.IsEmpty
        let name = RecordData.Moved(set.Name, FleetZone, Zone)
        where name is not null && Marker.NameOf(name) is null
        select new RecordSet(name, set.Type, Ttl, [.. set.Data.Select(data => RecordData.Moved(set.Type, data, FleetZone, Zone))]));
}
