using System.Collections.Immutable;
using System.Net.Sockets;
using Fleet.Shared.Dns;
using Fleet.Shared.Gslb;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>Encodes what a name answers, part by part: each part is added to what the entry has of the others.</summary>
internal static class EntryMaker
{
    private static readonly ImmutableSortedDictionary<SiteName, SiteEntry> NoSites = ImmutableSortedDictionary<SiteName, SiteEntry>.Empty;

    /// <summary>The balanced addresses, or the name that stands in for them where there are none.</summary>
    public static NameEntry Balanced(
        NameEntry entry, BalancedName name, ImmutableArray<SiteName> clients, ImmutableSortedDictionary<SiteName, SiteEntry> sites)
    {
        var four = AddressPool.Build(name, AddressFamily.InterNetwork, clients, sites);
        var six = AddressPool.Build(name, AddressFamily.InterNetworkV6, clients, sites);
        return entry with { A = four, Aaaa = six, Alias = four is null && six is null ? Fallback(name) : null };
    }

    /// <summary>The plain records of a name.</summary>
    public static NameEntry Plain(NameEntry entry, IEnumerable<RecordSet> sets, bool isBalanced)
    {
        foreach (var set in sets)
        {
            if (isBalanced && set.Type is (DnsType.A or DnsType.Aaaa or DnsType.Cname))
                continue;
            entry = set.Type == DnsType.Cname && DnsName.TryFromWire(set.Data[0].AsSpan(), out var target)
                ? entry with { Alias = new NameAlias(target, RecordBytes.Encode(set)) }
                : entry with { Plain = entry.Plain.Add(new PlainSet(set.Type, RecordBytes.Encode(set))) };
        }

        return entry;
    }

    /// <summary>The address of a name server.</summary>
    public static NameEntry Server(NameEntry entry, NameServer server)
    {
        if (server.Address is not { } address)
            return entry with { A = null, Aaaa = null };
        var name = new BalancedName(server.Name, ZoneSnapshot.NameServerTtlSeconds, 1, [new Candidate(address, 1)]);
        return entry with
        {
            A = AddressPool.Build(name, AddressFamily.InterNetwork, [], NoSites),
            Aaaa = AddressPool.Build(name, AddressFamily.InterNetworkV6, [], NoSites),
        };
    }

    private static NameAlias? Fallback(BalancedName name) =>
        name.Spec.Fallback is { } text && DnsName.TryParse(text, out var target) && !target.Equals(name.Name)
            ? new NameAlias(target, RecordBytes.Encode(new RecordSet(name.Name, DnsType.Cname, name.TtlSeconds, [[.. target.Wire]])))
            : null;
}
