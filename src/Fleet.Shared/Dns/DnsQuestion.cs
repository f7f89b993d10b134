using System.Buffers.Binary;

namespace Fleet.Shared.Dns;

/// <summary>One question, RFC 1035 4.1.2, as it stands in a message.</summary>
public readonly ref struct DnsQuestion
{
    private DnsQuestion(ReadOnlySpan<byte> name, DnsType type, DnsClass @class, int next)
    {
        Name = name;
        Type = type;
        Class = @class;
        Next = next;
    }

    /// <summary>The name in wire form, in the asker's own case (kept in the answer: "0x20").</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>QTYPE.</summary>
    public DnsType Type { get; }

    /// <summary>QCLASS.</summary>
    public DnsClass Class { get; }

    /// <summary>The offset behind the question.</summary>
    public int Next { get; }

    /// <summary>Reads the question that follows the header. False if it is cut off, or its name is malformed or compressed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsQuestion question)
    {
        question = default;
        if (!DnsNameWire.TryMeasurePlain(message, DnsHeader.Size, out var length))
            return false;
        var at = DnsHeader.Size + length;
        if (message.Length - at < 4)
            return false;
        question = new DnsQuestion(
            message.Slice(DnsHeader.Size, length),
            (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]),
            (DnsClass)BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]),
            at + 4);
        return true;
    }
}
