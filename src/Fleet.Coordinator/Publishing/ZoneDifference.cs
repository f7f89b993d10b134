using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Publishing;

/// <summary>
/// Finds the least update from the zone that is there to the zone wanted: single records are added and deleted, a set is replaced only when its TTL
/// is wrong. A name is the fleet's if its marker says so, or if there was nothing; at such a name, only the types that its marker names are the
/// fleet's. Everything else is left alone, with a reason.
/// </summary>
internal static class ZoneDifference
{
    /// <summary>Not anybody's records but the zone's own: a server makes and keeps them by itself.</summary>
    private static readonly ImmutableHashSet<DnsType> Administrative =
    [
        DnsType.Soa,
        DnsType.Rrsig,
        DnsType.Nsec,
        DnsType.Dnskey,
        (DnsType)50,
        (DnsType)51,
        (DnsType)59,
        (DnsType)60,
        (DnsType)65534,
    ];

    public static ZonePlan Plan(ZoneRecords wanted, ZoneRecords there, PublishTarget target)
    {
        var changes = ImmutableArray.CreateBuilder<NameChange>();
        var left = ImmutableArray.CreateBuilder<LeftAlone>();
        var owned = there.Names.Select(Marker.NameOf).OfType<DnsName>();
        foreach (var name in wanted.Names.Union(owned).OrderBy(name => name.ToString(), StringComparer.Ordinal))
        {
            var change = new NameComparison(name, wanted.At(name), Others(there, name, target.Zone), there, target).Compare(left);
            if (change is not null)
                changes.Add(change);
        }

        return new ZonePlan(changes.ToImmutable(), left.ToImmutable());
    }

    /// <summary>The sets at a name that somebody has put there.</summary>
    private static ImmutableSortedDictionary<DnsType, RecordSet> Others(ZoneRecords there, DnsName name, DnsName zone) =>
        there.At(name)
            .RemoveRange(there.At(name).Keys.Where(type => Administrative.Contains(type) || (type == DnsType.Ns && name.Equals(zone))).ToArray());
}
