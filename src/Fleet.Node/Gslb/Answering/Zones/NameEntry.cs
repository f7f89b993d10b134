using System.Collections.Immutable;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>
/// What one existing name answers, type by type; null is "no data". An entry of nulls is a name that only has names below it (RFC 8020).
/// </summary>
internal sealed record NameEntry
{
    /// <summary>A name that exists and has nothing.</summary>
    public static readonly NameEntry Empty = new();

    /// <summary>IPv4 addresses that are balanced.</summary>
    public AddressPool? A { get; init; }

    /// <summary>IPv6 addresses that are balanced.</summary>
    public AddressPool? Aaaa { get; init; }

    /// <summary>The name that stands for this one; null where it stands for itself.</summary>
    public NameAlias? Alias { get; init; }

    /// <summary>Plain records, a set of each type.</summary>
    public ImmutableArray<PlainSet> Plain { get; init; } = [];

    /// <summary>Name servers: at a zone's apex only.</summary>
    public RecordBytes? Ns { get; init; }

    /// <summary>Addresses of the name servers, one record each, owner written out; for the additional section.</summary>
    public ImmutableArray<RecordBytes> Glue { get; init; } = [];

    /// <summary>Whether it has the zone's SOA: at the apex only.</summary>
    public bool HasSoa { get; init; }

    /// <summary>Whether its TXT record tells the map's version and age.</summary>
    public bool TellsMap { get; init; }

    /// <summary>The plain records of a type, or null.</summary>
    public RecordBytes? PlainOf(DnsType type)
    {
        foreach (var set in Plain)
        {
            if (set.Type == type)
                return set.Records;
        }

        return null;
    }
}

/// <summary>The plain records of one type at a name.</summary>
internal readonly record struct PlainSet(DnsType Type, RecordBytes Records);

/// <summary>A CNAME (RFC 1034 3.6.2).</summary>
/// <param name="Target">The name it points to.</param>
/// <param name="Record">Ready to be copied.</param>
internal sealed record NameAlias(DnsName Target, RecordBytes Record);
