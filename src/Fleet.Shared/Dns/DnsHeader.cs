using System.Buffers.Binary;

namespace Fleet.Shared.Dns;

/// <summary>The twelve octets at the start of every message, RFC 1035 4.1.1.</summary>
/// <param name="Id">Chosen by the asker, copied by the answerer.</param>
/// <param name="Flags">QR, opcode, AA, TC, RD, RA, Z, AD, CD, rcode.</param>
/// <param name="QuestionCount">QDCOUNT.</param>
/// <param name="AnswerCount">ANCOUNT.</param>
/// <param name="AuthorityCount">NSCOUNT.</param>
/// <param name="AdditionalCount">ARCOUNT.</param>
public readonly record struct DnsHeader(
    ushort Id, ushort Flags, ushort QuestionCount, ushort AnswerCount, ushort AuthorityCount, ushort AdditionalCount)
{
    /// <summary>Octets on the wire.</summary>
    public const int Size = 12;

    /// <summary>QR: this is a response.</summary>
    public const ushort ResponseFlag = 0x8000;

    /// <summary>AA: the answerer is an authority for the name asked.</summary>
    public const ushort AuthoritativeFlag = 0x0400;

    /// <summary>TC: the answer did not fit; ask again over TCP.</summary>
    public const ushort TruncatedFlag = 0x0200;

    /// <summary>RD: the asker would like recursion; copied into the response.</summary>
    public const ushort RecursionDesiredFlag = 0x0100;

    /// <summary>The four bits of the opcode, in place.</summary>
    public const ushort OpcodeMask = 0x7800;

    /// <summary>QR.</summary>
    public bool IsResponse => (Flags & ResponseFlag) != 0;

    /// <summary>AA.</summary>
    public bool IsAuthoritative => (Flags & AuthoritativeFlag) != 0;

    /// <summary>TC.</summary>
    public bool IsTruncated => (Flags & TruncatedFlag) != 0;

    /// <summary>RD.</summary>
    public bool RecursionDesired => (Flags & RecursionDesiredFlag) != 0;

    /// <summary>The kind of query that this is, or that it answers.</summary>
    public DnsOpcode Opcode => (DnsOpcode)((Flags & OpcodeMask) >> 11);

    /// <summary>The low four bits of the response code; <see cref="Edns.ExtendedRcode"/> holds the rest.</summary>
    public DnsRcode Rcode => (DnsRcode)(Flags & 0x000F);

    /// <summary>Reads the header; false if fewer than twelve octets are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        if (message.Length < Size)
        {
            header = default;
            return false;
        }

        header = new DnsHeader(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            BinaryPrimitives.ReadUInt16BigEndian(message[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[10..]));
        return true;
    }

    /// <summary>Writes the header over the first twelve octets of <paramref name="message"/>, which must be there.</summary>
    public void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, Id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Flags);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], QuestionCount);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], AnswerCount);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], AuthorityCount);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], AdditionalCount);
    }
}
