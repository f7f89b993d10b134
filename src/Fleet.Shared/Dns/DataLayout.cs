namespace Fleet.Shared.Dns;

/// <summary>
/// Where names are in the data of a record: they may be compressed there and are compared without case. Only the types that Fleet answers, reads or
/// publishes have such a layout. The data of all other types is plain octets (RFC 3597 4).
/// </summary>
/// <param name="Before">Octets in front of the names.</param>
/// <param name="Names">How many there are, one behind the other.</param>
/// <param name="After">Octets behind them.</param>
public readonly record struct DataLayout(int Before, int Names, int After)
{
    /// <summary>The layout of a type.</summary>
    public static DataLayout ForType(DnsType type) => type switch
    {
        DnsType.Ns or DnsType.Cname or DnsType.Ptr => new(0, 1, 0),
        DnsType.Soa => new(0, 2, 20),
        DnsType.Mx => new(2, 1, 0),
        DnsType.Srv => new(6, 1, 0),
        _ => new(0, 0, 0),
    };
}
