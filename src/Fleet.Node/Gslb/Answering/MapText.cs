using System.Text.Unicode;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering;

/// <summary>The TXT record of <c>map.&lt;zone&gt;</c>: which map this node answers from, and how long it has had it.</summary>
internal static class MapText
{
    private const int LengthMax = 128;

    /// <summary>Writes <c>term=T revision=R age-ms=A</c> with TTL 0.</summary>
    public static ushort Write(ZoneSnapshot zone, ref DnsWriter writer, Instant now)
    {
        Span<byte> text = stackalloc byte[LengthMax];
        long ageMs = Math.Max(0, (now.Micros - zone.ReceivedAt.Micros) / 1000);
        Utf8.TryWrite(text, $"term={zone.Version.Term} revision={zone.Version.Revision} age-ms={ageMs}", out int length);
        writer.WritePointer(DnsHeader.Size);
        writer.WriteRecordFields(DnsType.Txt, 0, 1 + length);
        writer.WriteByte((byte)length);
        writer.WriteBytes(text[..length]);
        return 1;
    }
}
