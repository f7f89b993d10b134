using System.Buffers.Binary;

namespace Fleet.Node.Vips.Linux.Announcing;

/// <summary>ARP over Ethernet (RFC 826), as whole frames.</summary>
internal static class ArpFrames
{
    public const int Size = EthernetFrames.HeaderSize + 28;
    private const ushort EtherType = 0x0806;
    private const ushort RequestOperation = 1;

    /// <summary>
    /// Says whose the address is: a gratuitous request (RFC 5227 3), which asks for the sender's own address. Linux hosts take the answer's form with
    /// the broadcast address as target for somebody else's affair; this one they all believe.
    /// </summary>
    public static void WriteAnnouncement(Span<byte> frame, ReadOnlySpan<byte> mac, ReadOnlySpan<byte> vip) => Write(frame, mac, vip, vip);

    /// <summary>Asks who has the address, for nobody (a probe of RFC 5227 2.1.1): nobody's cache changes, and whoever has it answers.</summary>
    public static void WriteProbe(Span<byte> frame, ReadOnlySpan<byte> mac, ReadOnlySpan<byte> vip) => Write(frame, mac, stackalloc byte[4], vip);

    private static void Write(Span<byte> frame, ReadOnlySpan<byte> mac, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> target)
    {
        EthernetFrames.WriteHeader(frame, EthernetFrames.Broadcast, mac, EtherType);
        var arp = frame[EthernetFrames.HeaderSize..];
        BinaryPrimitives.WriteUInt16BigEndian(arp, 1); // Ethernet
        BinaryPrimitives.WriteUInt16BigEndian(arp[2..], 0x0800); // IPv4
        (arp[4], arp[5]) = (6, 4);
        BinaryPrimitives.WriteUInt16BigEndian(arp[6..], RequestOperation);
        mac.CopyTo(arp[8..]);
        sender.CopyTo(arp[14..]);
        arp.Slice(18, 6).Clear();
        target.CopyTo(arp[24..]);
    }
}
