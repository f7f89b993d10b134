using System.Buffers.Binary;
using Fleet.Shared.Dns;
using Fleet.Shared.Dns.Security;

namespace Fleet.Node.Gslb.Answering.Signing;

/// <summary>
/// One record set of a message in the order in which it is signed (RFC 4034 6.3). <see cref="Content"/> is all that a signature depends on besides
/// the key, packed: type, TTL, when the signature begins to hold, owner, then each record's data behind two octets of length, ascending, none twice.
/// </summary>
internal readonly ref struct RrsetContent
{
    private const int HeadSize = 10;

    private RrsetContent(ReadOnlySpan<byte> content, int ownerLength, int count)
    {
        Content = content;
        Type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(content);
        Ttl = BinaryPrimitives.ReadUInt32BigEndian(content[2..]);
        Inception = BinaryPrimitives.ReadUInt32BigEndian(content[6..]);
        Owner = content.Slice(HeadSize, ownerLength);
        Data = content[(HeadSize + ownerLength)..];
        Count = count;
    }

    /// <summary>TYPE.</summary>
    public DnsType Type { get; }

    /// <summary>TTL in seconds.</summary>
    public uint Ttl { get; }

    /// <summary>When the signature begins to hold.</summary>
    public uint Inception { get; }

    /// <summary>The owner name, canonical.</summary>
    public ReadOnlySpan<byte> Owner { get; }

    /// <summary>The records' data, each behind two octets of length.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Content { get; }

    /// <summary>How many records of the message belong to the set.</summary>
    public int Count { get; }

    /// <summary>
    /// Packs the set that begins at <paramref name="at"/> into <paramref name="buffer"/>. In what this program writes, records of a set stand side by
    /// side, and each owner is written the same way. False if the set does not fit.
    /// </summary>
    /// <param name="message">The message so far.</param>
    /// <param name="at">Where the first record stands; then the place behind the last one.</param>
    /// <param name="countMax">How many records there are from there on.</param>
    /// <param name="utcSeconds">The moment for which it is to be signed, in seconds since 1970.</param>
    /// <param name="buffer">Bounds what can be signed.</param>
    /// <param name="set">The set; it lives in the buffer.</param>
    public static bool TryPack(scoped ReadOnlySpan<byte> message, ref int at, int countMax, long utcSeconds, Span<byte> buffer, out RrsetContent set)
    {
        set = default;
        if (!DnsRecordView.TryRead(message, at, out var first)
            || buffer.Length < HeadSize + DnsNameWire.LengthMax
            || !DnsNameWire.TryRead(message, first.NameAt, buffer[HeadSize..], out var ownerLength, out _))
        {
            return false;
        }

        var owner = buffer.Slice(HeadSize, ownerLength);
        DnsNameWire.ToCanonical(owner, owner);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)first.Type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[2..], first.Ttl);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[6..], SignatureTimes.InceptionOf(owner, utcSeconds));
        var room = buffer[(HeadSize + ownerLength)..];
        if (!TryCopyData(message, first, ref at, countMax, room, out var count, out var size))
            return false;
        if (count > 1)
            size = CanonicalOrder.Sort(room[..size], count);
        set = new RrsetContent(buffer[..(HeadSize + ownerLength + size)], ownerLength, count);
        return true;
    }

    private static bool TryCopyData(
        scoped ReadOnlySpan<byte> message, scoped in DnsRecordView first, ref int at, int countMax, Span<byte> room, out int count, out int size)
    {
        size = 0;
        var owner = OwnerOf(message, first);
        for (count = 0; count < countMax && DnsRecordView.TryRead(message, at, out var record); count++)
        {
            if (record.Type != first.Type || !OwnerOf(message, record).SequenceEqual(owner))
                break;
            if (room.Length - size < 2 || !CanonicalData.TryCopy(message, record, room[(size + 2)..], out var length))
                return false;
            BinaryPrimitives.WriteUInt16BigEndian(room[size..], (ushort)length);
            size += 2 + length;
            at = record.Next;
        }

        return true;
    }

    /// <summary>The owner as it stands there, pointers and all.</summary>
    private static ReadOnlySpan<byte> OwnerOf(ReadOnlySpan<byte> message, scoped in DnsRecordView record) =>
        message[record.NameAt..(record.DataAt - DnsRecordView.FixedSize)];
}
