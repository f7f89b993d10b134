using System.Buffers.Binary;
using System.Net;
using Fleet.Node.Gslb.Answering.Zones;
using Fleet.Shared.Dns;

namespace Fleet.Node.Tests.Gslb;

/// <summary>Makes packets that are nearly queries. Each follows from its seed alone, so that a failure is replayed by its number.</summary>
internal static class Mutation
{
    public const int SizeMax = 1024;

    private static readonly byte[][] Queries =
    [
        Zones.Query("s3.fleet.test", DnsType.A),
        Zones.Query("many.fleet.test", DnsType.A),
        Zones.Query("many.fleet.test", DnsType.A, new Edns(4096, 0, 0, true, ClientSubnet.Truncate(IPAddress.Parse("192.0.2.0"), 24))),
        Zones.Query("absent.fleet.test", DnsType.Aaaa, new Edns(1232, 0, 0, false, ClientSubnet.Truncate(IPAddress.Parse("2001:db8::"), 56))),
        Zones.Query("s3.fleet.test", DnsType.A, new Edns(1232, 0, 0, false, null) { Cookie = new DnsCookie(1, 0, 0, 0) }),
        Zones.Query("dual.fleet.test", DnsType.Aaaa, new Edns(700, 0, 0, false, null) { Cookie = new DnsCookie(1, 1UL << 56, 3, 16) }),
        Zones.Query("fleet.test", DnsType.Ns, new Edns(512, 0, 0, false, null)),
        Zones.Query("fleet.test", DnsType.Axfr),
        Zones.Query("map.fleet.test", DnsType.Txt),
        Zones.Query("er.fleet.test", DnsType.Any),
        Zones.Query("example.com", DnsType.Any),
    ];

    /// <summary>Writes the packet of <paramref name="seed"/> and returns its octets, at most <see cref="SizeMax"/>.</summary>
    public static int Write(ulong seed, Span<byte> packet)
    {
        var chance = new Xorshift(seed);
        if (chance.Below(50) == 0)
            return Noise(ref chance, packet);
        var query = Queries[(int)chance.Below((ulong)Queries.Length)];
        query.CopyTo(packet);
        var length = query.Length;
        for (var times = chance.Below(6); times > 0; times--)
            length = Mutate(ref chance, packet, length);
        return length;
    }

    private static int Mutate(ref Xorshift chance, Span<byte> packet, int length)
    {
        var at = (int)chance.Below((ulong)length + 1);
        var within = at < length;
        switch (chance.Below(9))
        {
            case 0 when within:
                packet[at] ^= (byte)(1 << (int)chance.Below(8));
                return length;
            case 1 when within:
                packet[at] = (byte)chance.Below(256);
                return length;
            case 2 when within: // a compression pointer
                packet[at] = (byte)(0xC0 | chance.Below(4));
                return length;
            case 3: // a count that lies
                if (length >= DnsHeader.Size)
                    BinaryPrimitives.WriteUInt16BigEndian(
                        packet[(4 + (2 * (int)chance.Below(4)))..], (ushort)(chance.Below(3) == 0 ? chance.Below(65_536) : chance.Below(4)));
                return length;
            case 4 when at + 2 <= length: // a length that lies: of a record, an option, a label
                BinaryPrimitives.WriteUInt16BigEndian(packet[at..], (ushort)(chance.Below(2) == 0 ? chance.Below(65_536) : chance.Below(48)));
                return length;
            case 5 when chance.Below(3) == 0: // cut off
                return at;
            case 6: // an octet more
                return Insert(packet, length, at, [(byte)chance.Below(256)]);
            case 7: // a piece of another query in between
                var other = Queries[(int)chance.Below((ulong)Queries.Length)];
                var from = (int)chance.Below((ulong)other.Length);
                return Insert(packet, length, at, other.AsSpan(from, 1 + (int)chance.Below((ulong)(other.Length - from))));
            case 8: // a piece of itself once more, behind
                return Insert(packet, length, length, packet[at..length].ToArray());
            default:
                return length;
        }
    }

    private static int Insert(Span<byte> packet, int length, int at, ReadOnlySpan<byte> piece)
    {
        if (length + piece.Length > SizeMax)
            return length;
        packet[at..length].CopyTo(packet[(at + piece.Length)..]);
        piece.CopyTo(packet[at..]);
        return length + piece.Length;
    }

    private static int Noise(ref Xorshift chance, Span<byte> packet)
    {
        var length = (int)chance.Below(80);
        for (var i = 0; i < length; i++)
            packet[i] = (byte)chance.Below(256);
        return length;
    }
}
