using System.Buffers.Binary;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>Records encoded once, when the map arrives, and copied into every answer.</summary>
/// <param name="Octets">One or more whole records, each with a pointer as its owner unless it is glue.</param>
/// <param name="Count">How many.</param>
internal sealed record RecordBytes(byte[] Octets, ushort Count)
{
    private const int PointerSize = 2;
    private const int LengthAt = PointerSize + 8;

    /// <summary>
    /// One record. Its owner is a pointer to the question's name (RFC 1035 4.1.4), which also gives the asker's case back.
    /// </summary>
    public static byte[] Encode(DnsType type, uint ttl, ReadOnlySpan<byte> data)
    {
        var record = new byte[PointerSize + DnsRecordView.FixedSize + data.Length];
        var writer = new DnsWriter(record);
        writer.WritePointer(DnsHeader.Size);
        writer.WriteRecordFields(type, ttl, data.Length);
        writer.WriteBytes(data);
        return record;
    }

    /// <summary>All records of a set.</summary>
    public static RecordBytes Encode(RecordSet set) =>
        new([.. set.Data.SelectMany(data => Encode(set.Type, set.Ttl, data.AsSpan()))], (ushort)set.Data.Length);

    /// <summary>Copies one encoded record, with its owner at that place of the message.</summary>
    public static void WriteOne(ref DnsWriter writer, int ownerAt, ReadOnlySpan<byte> record)
    {
        if (ownerAt == DnsHeader.Size)
        {
            writer.WriteBytes(record);
            return;
        }

        writer.WritePointer(ownerAt);
        writer.WriteBytes(record[PointerSize..]);
    }

    /// <summary>Writes them all as they are.</summary>
    public ushort Write(ref DnsWriter writer)
    {
        writer.WriteBytes(Octets);
        return Count;
    }

    /// <summary>Writes them all with that owner.</summary>
    public ushort Write(ref DnsWriter writer, int ownerAt)
    {
        if (ownerAt == DnsHeader.Size)
            return Write(ref writer);
        for (ReadOnlySpan<byte> rest = Octets; rest.Length > 0;)
        {
            var size = LengthAt + 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[LengthAt..]);
            WriteOne(ref writer, ownerAt, rest[..size]);
            rest = rest[size..];
        }

        return Count;
    }
}
