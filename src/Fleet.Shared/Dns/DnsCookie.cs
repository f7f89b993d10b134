using System.Buffers.Binary;

namespace Fleet.Shared.Dns;

/// <summary>
/// The COOKIE option, RFC 7873 4. A server cookie of RFC 9018 is kept with its 16 octets. Only the length of any other is kept, and it is never
/// written.
/// </summary>
/// <param name="Client">The client's eight octets, first octet most significant.</param>
/// <param name="ServerHigh">The first eight octets of the server cookie: version, three reserved, the time (RFC 9018 4).</param>
/// <param name="ServerLow">The other eight: the hash.</param>
/// <param name="ServerLength">Octets of the server cookie: 0 for none, else 8 to 32.</param>
public readonly record struct DnsCookie(ulong Client, ulong ServerHigh, ulong ServerLow, byte ServerLength)
{
    /// <summary>EDNS option code.</summary>
    public const ushort OptionCode = 10;

    /// <summary>Octets of the longest option that is written, its code and length included.</summary>
    public const int SizeMax = 4 + ClientSize + ServerSize;

    /// <summary>Octets of a client cookie.</summary>
    public const int ClientSize = 8;

    /// <summary>Octets of a server cookie as RFC 9018 defines it.</summary>
    public const int ServerSize = 16;

    private const int ServerSizeMin = 8;
    private const int ServerSizeMax = 32;

    /// <summary>Whether there is a server cookie in the form of RFC 9018.</summary>
    public bool HasServer => ServerLength == ServerSize;

    /// <summary>Octets on the wire, option code and length included.</summary>
    public int Size => 4 + ClientSize + (HasServer ? ServerSize : 0);

    /// <summary>Reads the option's data. False where RFC 7873 5.2.2 asks for FORMERR: a length other than 8 or 16 to 40.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out DnsCookie cookie)
    {
        cookie = default;
        var server = data.Length - ClientSize;
        if (server is not (0 or (>= ServerSizeMin and <= ServerSizeMax)))
            return false;
        var client = BinaryPrimitives.ReadUInt64BigEndian(data);
        cookie = server == ServerSize
            ? new DnsCookie(client, BinaryPrimitives.ReadUInt64BigEndian(data[8..]), BinaryPrimitives.ReadUInt64BigEndian(data[16..]), ServerSize)
            : new DnsCookie(client, 0, 0, (byte)server);
        return true;
    }

    /// <summary>Writes the option with its code and length.</summary>
    public void Write(ref DnsWriter writer)
    {
        Span<byte> octets = stackalloc byte[SizeMax];
        BinaryPrimitives.WriteUInt16BigEndian(octets, OptionCode);
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], (ushort)(Size - 4));
        BinaryPrimitives.WriteUInt64BigEndian(octets[4..], Client);
        BinaryPrimitives.WriteUInt64BigEndian(octets[12..], ServerHigh);
        BinaryPrimitives.WriteUInt64BigEndian(octets[20..], ServerLow);
        writer.WriteBytes(octets[..Size]);
    }
}
