using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Fleet.Shared.Dns;

/// <summary>A record read from a reply; <see cref="ToString"/> is one line of a zone file.</summary>
/// <param name="Name">Owner.</param>
/// <param name="Type">Type.</param>
/// <param name="Ttl">Time to live in seconds.</param>
/// <param name="Data">RDATA, names in it uncompressed for NS, CNAME, SOA, PTR, MX and SRV.</param>
public sealed record DnsRecord(DnsName Name, DnsType Type, uint Ttl, ImmutableArray<byte> Data)
{
    /// <summary>The address of an A or AAAA record, else null.</summary>
    public IPAddress? Address => (Type, Data.Length) is (DnsType.A, 4) or (DnsType.Aaaa, 16) ? new IPAddress(Data.AsSpan()) : null;

    /// <summary>The name that an NS or CNAME record points to, else null.</summary>
    public DnsName? Target => Type is DnsType.Ns or DnsType.Cname && DnsName.TryFromWire(Data.AsSpan(), out var name) ? name : null;

    /// <summary>The start of authority of an SOA record, else null.</summary>
    public DnsSoa? Soa => Type == DnsType.Soa && DnsSoa.TryRead(Data.AsSpan(), out var soa) ? soa : null;

    /// <summary>The strings of a TXT or HINFO record joined by a space, else null. Octets outside ASCII show as question marks.</summary>
    public string? Text
    {
        get
        {
            if (Type is not (DnsType.Txt or DnsType.Hinfo))
                return null;
            var strings = new List<string>();
            var rest = Data.AsSpan();
            while (rest.Length > 0 && rest.Length > rest[0])
            {
                strings.Add(Encoding.ASCII.GetString(rest.Slice(1, rest[0])));
                rest = rest[(rest[0] + 1)..];
            }

            return string.Join(' ', strings);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var data = Address?.ToString() ?? Target?.ToString() ?? Soa?.ToString()
            ?? (Text is { } text ? $"\"{text}\"" : $"\\# {Data.Length} {Convert.ToHexString(Data.AsSpan())}");
        return $"{Name} {Ttl} IN {Type.ToString().ToUpperInvariant()} {data}";
    }
}

/// <summary>The data of an SOA record, RFC 1035 3.3.13; times in seconds.</summary>
/// <param name="PrimaryServer">MNAME.</param>
/// <param name="Mailbox">RNAME: the person's mailbox, with a dot for the at sign.</param>
/// <param name="Serial">Version of the zone, in serial number arithmetic (RFC 1982).</param>
/// <param name="Refresh">When secondaries look for a new version.</param>
/// <param name="Retry">When they look again after a failure.</param>
/// <param name="Expire">When they give the zone up.</param>
/// <param name="Minimum">How long negative answers may be kept (RFC 2308 4).</param>
public sealed record DnsSoa(DnsName PrimaryServer, DnsName Mailbox, uint Serial, uint Refresh, uint Retry, uint Expire, uint Minimum)
{
    /// <summary>Reads uncompressed data; false if it is not exactly an SOA.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DnsSoa? soa)
    {
        soa = null;
        if (!DnsNameWire.TryMeasurePlain(data, 0, out var first) || !DnsNameWire.TryMeasurePlain(data, first, out var second)
            || data.Length != first + second + 20
            || !DnsName.TryFromWire(data[..first], out var server) || !DnsName.TryFromWire(data.Slice(first, second), out var mailbox))
        {
            return false;
        }

        var times = data[(first + second)..];
        soa = new DnsSoa(server, mailbox, U32(times, 0), U32(times, 4), U32(times, 8), U32(times, 12), U32(times, 16));
        return true;
    }

    /// <summary>The data in wire form, uncompressed.</summary>
    public byte[] ToWire()
    {
        var wire = new byte[PrimaryServer.Length + Mailbox.Length + 20];
        var writer = new DnsWriter(wire);
        writer.WriteBytes(PrimaryServer.Wire);
        writer.WriteBytes(Mailbox.Wire);
        foreach (var field in (ReadOnlySpan<uint>)[Serial, Refresh, Retry, Expire, Minimum])
            writer.WriteUInt32(field);
        return wire;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{PrimaryServer} {Mailbox} {Serial} {Refresh} {Retry} {Expire} {Minimum}";

    private static uint U32(ReadOnlySpan<byte> data, int at) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data[at..]);
}
