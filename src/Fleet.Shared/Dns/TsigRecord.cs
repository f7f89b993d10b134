using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Fleet.Shared.Dns;

/// <summary>What a signature says went wrong, RFC 8945 3.</summary>
public enum TsigError : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The signature is not of this message and key.</summary>
    BadSig = 16,

    /// <summary>The key is not known.</summary>
    BadKey = 17,

    /// <summary>The time signed is too far from the receiver's.</summary>
    BadTime = 18,

    /// <summary>The signature was cut shorter than the receiver takes.</summary>
    BadTrunc = 22,
}

/// <summary>A TSIG record, RFC 8945 4.2: the last of a message's additional records.</summary>
public sealed record TsigRecord
{
    /// <summary>The most that this program's signatures add to a message: names of full length, the largest MAC, no other data.</summary>
    public const int SizeMax = DnsNameWire.LengthMax + DnsRecordView.FixedSize + DnsNameWire.LengthMax + 16 + 64;

    /// <summary>The key's name.</summary>
    public required DnsName Key { get; init; }

    /// <summary>The algorithm's name.</summary>
    public required DnsName Algorithm { get; init; }

    /// <summary>Seconds since 1970, 48 bits.</summary>
    public required ulong TimeSigned { get; init; }

    /// <summary>How many seconds the receiver's clock may differ.</summary>
    public required ushort Fudge { get; init; }

    /// <summary>The signature; empty where the sender knows no key.</summary>
    public required byte[] Mac { get; init; }

    /// <summary>The message's id when it was signed: forwarders change it.</summary>
    public required ushort OriginalId { get; init; }

    /// <summary>What the sender holds against the message it answers.</summary>
    public TsigError Error { get; init; }

    /// <summary>With <see cref="TsigError.BadTime"/> the sender's time, six octets.</summary>
    public byte[] Other { get; init; } = [];

    /// <summary>The sender's time where it complains about ours, seconds since 1970.</summary>
    public ulong? OtherTime => Other.Length == 6 ? ReadTime(Other) : null;

    /// <summary>
    /// Finds the signature of a message and where it starts. False if the message is malformed or its signature is; true with null if it has none.
    /// A signature that is not the last record makes the message malformed (RFC 8945 5.1).
    /// </summary>
    public static bool TryFind(ReadOnlySpan<byte> message, out TsigRecord? record, out int start)
    {
        record = null;
        start = message.Length;
        if (!DnsHeader.TryRead(message, out var header) || !TrySkipQuestions(message, header.QuestionCount, out var at))
            return false;
        var records = header.AnswerCount + header.AuthorityCount + header.AdditionalCount;
        for (var i = 0; i < records; i++)
        {
            if (!DnsRecordView.TryRead(message, at, out var view))
                return false;
            if (view.Type == DnsType.Tsig)
            {
                start = at;
                return i == records - 1 && header.AdditionalCount > 0 && view.Next == message.Length && TryRead(message, view, out record);
            }

            at = view.Next;
        }

        return at == message.Length;
    }

    /// <summary>Writes the record, names uncompressed.</summary>
    public void Write(ref DnsWriter writer)
    {
        writer.WriteBytes(Key.Wire);
        writer.WriteUInt16((ushort)DnsType.Tsig);
        writer.WriteUInt16((ushort)DnsClass.Any);
        writer.WriteUInt32(0);
        writer.WriteUInt16((ushort)(Algorithm.Length + 16 + Mac.Length + Other.Length));
        writer.WriteBytes(Algorithm.Wire);
        WriteTimers(ref writer);
        writer.WriteUInt16((ushort)Mac.Length);
        writer.WriteBytes(Mac);
        writer.WriteUInt16(OriginalId);
        writer.WriteUInt16((ushort)Error);
        writer.WriteUInt16((ushort)Other.Length);
        writer.WriteBytes(Other);
    }

    /// <summary>The fields that are signed with a message, RFC 8945 4.3.3.</summary>
    public void WriteVariables(ref DnsWriter writer)
    {
        writer.WriteBytes(Key.Wire);
        writer.WriteUInt16((ushort)DnsClass.Any);
        writer.WriteUInt32(0);
        writer.WriteBytes(Algorithm.Wire);
        WriteTimers(ref writer);
        writer.WriteUInt16((ushort)Error);
        writer.WriteUInt16((ushort)Other.Length);
        writer.WriteBytes(Other);
    }

    /// <summary>The fields that are signed with the second and later messages of one answer, RFC 8945 5.3.1.</summary>
    public void WriteTimers(ref DnsWriter writer)
    {
        writer.WriteUInt16((ushort)(TimeSigned >> 32));
        writer.WriteUInt32((uint)TimeSigned);
        writer.WriteUInt16(Fudge);
    }

    private static bool TryRead(ReadOnlySpan<byte> message, in DnsRecordView view, [NotNullWhen(true)] out TsigRecord? record)
    {
        record = null;
        Span<byte> name = stackalloc byte[DnsNameWire.LengthMax];
        if (view.Class != (ushort)DnsClass.Any || view.Ttl != 0
            || !DnsNameWire.TryRead(message, view.NameAt, name, out var nameLength, out _)
                || !DnsName.TryFromWire(name[..nameLength], out var key)
            || !DnsNameWire.TryRead(message, view.DataAt, name, out var length, out var at)
                || !DnsName.TryFromWire(name[..length], out var algorithm)
            || at > view.Next)
        {
            return false;
        }

        var rest = message[at..view.Next];
        if (rest.Length < 16)
            return false;
        int mac = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
        if (rest.Length < 16 + mac)
            return false;
        var tail = rest[(10 + mac)..];
        if (tail.Length - 6 != BinaryPrimitives.ReadUInt16BigEndian(tail[4..]))
            return false;
        record = new TsigRecord
        {
            Key = key,
            Algorithm = algorithm,
            TimeSigned = ReadTime(rest),
            Fudge = BinaryPrimitives.ReadUInt16BigEndian(rest[6..]),
            Mac = rest.Slice(10, mac).ToArray(),
            OriginalId = BinaryPrimitives.ReadUInt16BigEndian(tail),
            Error = (TsigError)BinaryPrimitives.ReadUInt16BigEndian(tail[2..]),
            Other = tail[6..].ToArray(),
        };
        return true;
    }

    private static bool TrySkipQuestions(ReadOnlySpan<byte> message, int count, out int at)
    {
        at = DnsHeader.Size;
        for (var i = 0; i < count; i++)
        {
            if (!DnsNameWire.TrySkip(message, at, out var next) || message.Length - next < 4)
                return false;
            at = next + 4;
        }

        return true;
    }

    private static ulong ReadTime(ReadOnlySpan<byte> six) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(six) << 32) | BinaryPrimitives.ReadUInt32BigEndian(six[2..]);
}
