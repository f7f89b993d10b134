using System.Collections.Immutable;

namespace Fleet.Node.Gslb.Answering;

/// <summary>
/// What one existing name answers, type by type; null is "no data". An entry of nulls is a name that only has names below it (RFC 8020).
/// </summary>
public sealed record NameEntry
{
    /// <summary>IPv4 addresses.</summary>
    public AddressPool? A { get; init; }

    /// <summary>IPv6 addresses.</summary>
    public AddressPool? Aaaa { get; init; }

    /// <summary>Name servers: at the apex only.</summary>
    public RecordBytes? Ns { get; init; }

    /// <summary>Addresses of the name servers, one record each, owner written out; for the additional section.</summary>
    public ImmutableArray<RecordBytes> Glue { get; init; } = [];

    /// <summary>Whether it has the zone's SOA: at the apex only.</summary>
    public bool HasSoa { get; init; }

    /// <summary>Whether its TXT record tells the map's version and age.</summary>
    public bool TellsMap { get; init; }
}
