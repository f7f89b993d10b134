using System.Buffers.Binary;

namespace Fleet.Shared.Dns;

/// <summary>What an OPT record says, RFC 6891 6.1.</summary>
/// <param name="PayloadMax">Octets of the largest UDP message that the sender can take; below 512 it means 512.</param>
/// <param name="ExtendedRcode">The upper eight bits of the response code.</param>
/// <param name="Version">0 is the only version there is.</param>
/// <param name="DnssecOk">DO, RFC 3225: copied into the response.</param>
/// <param name="Subnet">The client subnet option, if there.</param>
public readonly record struct Edns(ushort PayloadMax, byte ExtendedRcode, byte Version, bool DnssecOk, ClientSubnet? Subnet)
{
    /// <summary>Octets of an OPT record without options, its root owner name included.</summary>
    public const int SizeMin = 1 + DnsRecordView.FixedSize;

    /// <summary>Octets of UDP payload that cross the Internet without fragments; what servers offer since DNS flag day 2020.</summary>
    public const ushort PayloadSafe = 1232;

    /// <summary>Octets of UDP payload without EDNS, RFC 1035 4.2.1.</summary>
    public const ushort PayloadPlain = 512;

    private const uint DnssecOkBit = 0x8000;
    private const uint CompactOkBit = 0x4000;

    /// <summary>CO, RFC 9824 5.1: compact answers may say NXDOMAIN, because the asker looks at their NSEC.</summary>
    public bool CompactOk { get; init; }

    /// <summary>The cookie option, if there.</summary>
    public DnsCookie? Cookie { get; init; }

    /// <summary>Octets on the wire.</summary>
    public int Size => SizeMin + (Subnet?.Size ?? 0) + (Cookie?.Size ?? 0);

    /// <summary>
    /// Reads an OPT record. Options of a version other than 0 are not looked at; unknown options are skipped (RFC 6891 6.1.2).
    /// False if the owner is not the root, an option is cut off, the client subnet is malformed or there twice, or the first cookie is malformed
    /// (only the first counts, RFC 7873 5.2). <paramref name="edns"/> then still holds what the fixed fields say.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> message, in DnsRecordView record, out Edns edns)
    {
        ClientSubnet? subnet = null;
        DnsCookie? cookie = null;
        var version = (byte)(record.Ttl >> 16);
        var isWellFormed = message[record.NameAt] == 0 && (version != 0 || TryReadOptions(record.Data, ref subnet, ref cookie));
        edns = new Edns(record.Class, (byte)(record.Ttl >> 24), version, (record.Ttl & DnssecOkBit) != 0, subnet)
        {
            CompactOk = (record.Ttl & CompactOkBit) != 0,
            Cookie = cookie,
        };
        return isWellFormed;
    }

    /// <summary>Writes the OPT record; the caller counts it among the additional records.</summary>
    public void Write(ref DnsWriter writer)
    {
        WriteFixed(ref writer, PayloadMax, ExtendedRcode, Version, CompactOk, Size - SizeMin);
        Subnet?.Write(ref writer);
        Cookie?.Write(ref writer);
    }

    /// <summary>Octets of the OPT record in a reply to this one.</summary>
    public int ReplySize(DnsCookie? cookie) => SizeMin + (Subnet?.Size ?? 0) + (cookie?.Size ?? 0);

    /// <summary>
    /// Writes the OPT record of a reply to this one: the size that we take, DO as asked (RFC 3225 3), the client subnet given back with the scope of
    /// the answer (RFC 7871 7.2.1), the cookie.
    /// </summary>
    public void WriteReply(ref DnsWriter writer, byte extendedRcode, bool compactOk, byte scope, DnsCookie? cookie)
    {
        WriteFixed(ref writer, PayloadSafe, extendedRcode, 0, compactOk, ReplySize(cookie) - SizeMin);
        Subnet?.Write(ref writer, scope);
        cookie?.Write(ref writer);
    }

    private void WriteFixed(ref DnsWriter writer, ushort payload, byte extendedRcode, byte version, bool compactOk, int octets)
    {
        writer.WriteByte(0);
        writer.WriteUInt16((ushort)DnsType.Opt);
        writer.WriteUInt16(payload);
        writer.WriteUInt32(((uint)extendedRcode << 24) | ((uint)version << 16) | (DnssecOk ? DnssecOkBit : 0) | (compactOk ? CompactOkBit : 0));
        writer.WriteUInt16((ushort)octets);
    }

    private static bool TryReadOptions(ReadOnlySpan<byte> rest, ref ClientSubnet? subnet, ref DnsCookie? cookie)
    {
        while (rest.Length > 0)
        {
            if (rest.Length < 4)
                return false;
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (rest.Length - 4 < length)
                return false;
            switch (BinaryPrimitives.ReadUInt16BigEndian(rest))
            {
                case ClientSubnet.OptionCode:
                    if (subnet is not null || !ClientSubnet.TryRead(rest.Slice(4, length), out var network))
                        return false;
                    subnet = network;
                    break;
                case DnsCookie.OptionCode when cookie is null:
                    if (!DnsCookie.TryRead(rest.Slice(4, length), out var found))
                        return false;
                    cookie = found;
                    break;
            }

            rest = rest[(4 + length)..];
        }

        return true;
    }
}
