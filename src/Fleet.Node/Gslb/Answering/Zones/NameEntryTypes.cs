using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>Which types a name has: what the bitmap of its NSEC tells (RFC 4034 4.1.2).</summary>
internal static class NameEntryTypes
{
    /// <summary>The most types that <see cref="WriteTypes"/> writes.</summary>
    public const int CountMax = 16;

    /// <summary>Writes the types that can be asked for here, without those of DNSSEC, in any order, each once; returns how many.</summary>
    public static int WriteTypes(this NameEntry entry, Span<DnsType> types)
    {
        var count = 0;
        if (entry.A is not null)
            types[count++] = DnsType.A;
        if (entry.Ns is not null)
            types[count++] = DnsType.Ns;
        if (entry.HasSoa)
            types[count++] = DnsType.Soa;
        if (entry.TellsMap)
            types[count++] = DnsType.Txt;
        if (entry.Aaaa is not null)
            types[count++] = DnsType.Aaaa;
        if (entry.Alias is not null)
            types[count++] = DnsType.Cname;
        foreach (var set in entry.Plain)
        {
            if (!types[..count].Contains(set.Type))
                types[count++] = set.Type;
        }

        return count;
    }
}
