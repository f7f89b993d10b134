using System.Buffers.Binary;

namespace Fleet.Shared.Dns;

/// <summary>One resource record as it stands in a message, RFC 1035 4.1.3.</summary>
public readonly ref struct DnsRecordView
{
    private DnsRecordView(ReadOnlySpan<byte> fields, int nameAt, int dataAt)
    {
        NameAt = nameAt;
        Type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(fields);
        Class = BinaryPrimitives.ReadUInt16BigEndian(fields[2..]);
        Ttl = BinaryPrimitives.ReadUInt32BigEndian(fields[4..]);
        Data = fields[FixedSize..];
        DataAt = dataAt;
    }

    /// <summary>Octets between the owner name and the data: type, class, TTL, RDLENGTH.</summary>
    public const int FixedSize = 10;

    /// <summary>Where the owner name starts.</summary>
    public int NameAt { get; }

    /// <summary>TYPE.</summary>
    public DnsType Type { get; }

    /// <summary>CLASS; in OPT the payload size.</summary>
    public ushort Class { get; }

    /// <summary>TTL in seconds; in OPT the extended response code, version and flags.</summary>
    public uint Ttl { get; }

    /// <summary>RDATA.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Where RDATA starts: compressed names in it need the whole message.</summary>
    public int DataAt { get; }

    /// <summary>The offset behind the record.</summary>
    public int Next => DataAt + Data.Length;

    /// <summary>Reads the record at <paramref name="offset"/>. False if it is cut off or its owner name is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, int offset, out DnsRecordView record)
    {
        record = default;
        if (!DnsNameWire.TrySkip(message, offset, out var at) || message.Length - at < FixedSize)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        if (message.Length - at - FixedSize < length)
            return false;
        record = new DnsRecordView(message.Slice(at, FixedSize + length), offset, at + FixedSize);
        return true;
    }
}
