using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Node.Gslb.Answering.Zones;

/// <summary>The TXT record of <c>map.&lt;zone&gt;</c>: which map this node answers from, and how long it has had it.</summary>
internal static class MapText
{
    private const int LengthMax = 128;

    /// <summary>Writes <c>term=T revision=R age-ms=A</c> with TTL 0.</summary>
    public static ushort Write(ZoneSnapshot zone, ref DnsWriter writer, Instant now)
    {
        Span<byte> text = stackalloc byte[LengthMax];
        var length = 0;
        Append(text, ref length, "term="u8, zone.Version.Term);
        Append(text, ref length, " revision="u8, zone.Version.Revision);
        Append(text, ref length, " age-ms="u8, Math.Max(0, (now.Micros - zone.ReceivedAt.Micros) / 1000));
        writer.WritePointer(DnsHeader.Size);
        writer.WriteRecordFields(DnsType.Txt, 0, 1 + length);
        writer.WriteByte((byte)length);
        writer.WriteBytes(text[..length]);
        return 1;
    }

    private static void Append(Span<byte> text, ref int length, ReadOnlySpan<byte> label, long number)
    {
        label.CopyTo(text[length..]);
        length += label.Length;
        number.TryFormat(text[length..], out var digits);
        length += digits;
    }
}
