using System.Buffers.Binary;

namespace Fleet.Node.Vips.Linux.Announcing;

/// <summary>The header of an Ethernet frame.</summary>
internal static class EthernetFrames
{
    public const int HeaderSize = 14;

    public static ReadOnlySpan<byte> Broadcast => [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    public static void WriteHeader(Span<byte> frame, ReadOnlySpan<byte> to, ReadOnlySpan<byte> from, ushort etherType)
    {
        to.CopyTo(frame);
        from.CopyTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], etherType);
    }
}
