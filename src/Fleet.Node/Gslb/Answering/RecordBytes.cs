using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb.Answering;

/// <summary>Records encoded once, when the map arrives, and copied into every answer.</summary>
/// <param name="Octets">One or more whole records.</param>
/// <param name="Count">How many.</param>
public sealed record RecordBytes(byte[] Octets, ushort Count)
{
    /// <summary>
    /// One record. Its owner is a pointer to the question's name (RFC 1035 4.1.4), which also gives the asker's case back.
    /// </summary>
    public static byte[] Encode(DnsType type, uint ttl, ReadOnlySpan<byte> data)
    {
        byte[] record = new byte[2 + DnsRecordView.FixedSize + data.Length];
        var writer = new DnsWriter(record);
        writer.WritePointer(DnsHeader.Size);
        writer.WriteRecordFields(type, ttl, data.Length);
        writer.WriteBytes(data);
        return record;
    }

    /// <summary>Writes them all.</summary>
    public ushort Write(ref DnsWriter writer)
    {
        writer.WriteBytes(Octets);
        return Count;
    }
}
