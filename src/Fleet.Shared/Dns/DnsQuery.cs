namespace Fleet.Shared.Dns;

/// <summary>The asking side: one question, with EDNS unless told otherwise.</summary>
/// <param name="Id">Take it from a random source: replies are matched by it.</param>
/// <param name="Name">The name to ask for.</param>
/// <param name="Type">The type to ask for.</param>
public sealed record DnsQuery(ushort Id, DnsName Name, DnsType Type)
{
    /// <summary>Octets that always suffice for a query.</summary>
    public const int SizeMax = DnsHeader.Size + DnsNameWire.LengthMax + 4 + Dns.Edns.SizeMin + ClientSubnet.SizeMax + DnsCookie.SizeMax;

    /// <summary>The OPT record to send, or null to ask as in 1987: answers of at most 512 octets.</summary>
    public Edns? Edns { get; init; } = new Edns(Dns.Edns.PayloadSafe, 0, 0, false, null);

    /// <summary>RD: set it when the server asked is a resolver.</summary>
    public bool RecursionDesired { get; init; }

    /// <summary>Writes the query and returns its octets.</summary>
    /// <exception cref="ArgumentException">The buffer is too small; <see cref="SizeMax"/> octets always suffice.</exception>
    public int Write(Span<byte> buffer)
    {
        var header = new DnsHeader(
            Id, RecursionDesired ? DnsHeader.RecursionDesiredFlag : (ushort)0, 1, 0, 0, (ushort)(Edns is null ? 0 : 1));
        var writer = new DnsWriter(buffer);
        Span<byte> head = stackalloc byte[DnsHeader.Size];
        header.Write(head);
        writer.WriteBytes(head);
        writer.WriteBytes(Name.Wire);
        writer.WriteUInt16((ushort)Type);
        writer.WriteUInt16((ushort)DnsClass.In);
        Edns?.Write(ref writer);
        return writer.Overflowed ? throw new ArgumentException("the buffer is too small for the query", nameof(buffer)) : writer.Position;
    }
}
