using System.Buffers.Binary;

namespace Fleet.Node.Vips.Linux.Announcing;

/// <summary>Neighbour discovery of IPv6 over Ethernet (RFC 4861 4.3 and 4.4, RFC 2464), as whole frames.</summary>
internal static class NdFrames
{
    /// <summary>A header of 40 octets, and a message with its target; an announcement has the sender's Ethernet address as well.</summary>
    public const int ProbeSize = EthernetFrames.HeaderSize + 40 + 24;
    public const int AnnouncementSize = ProbeSize + 8;

    private const ushort EtherType = 0x86DD;
    private const byte Icmp = 58;
    private const byte Solicitation = 135;
    private const byte Advertisement = 136;
    private const uint OverrideFlag = 0x20000000;
    private const byte TargetMacOption = 2;

    private static ReadOnlySpan<byte> AllNodes => [0xFF, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    private static ReadOnlySpan<byte> SolicitedNode => [0xFF, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0, 0, 0];

    /// <summary>Says to all whose the address is, and that what they knew is over: an unsolicited advertisement with the override flag.</summary>
    public static void WriteAnnouncement(Span<byte> frame, ReadOnlySpan<byte> mac, ReadOnlySpan<byte> vip)
    {
        WriteHeaders(frame, mac, vip, AllNodes, AnnouncementSize);
        var message = frame[(EthernetFrames.HeaderSize + 40)..AnnouncementSize];
        message[0] = Advertisement;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], OverrideFlag);
        vip.CopyTo(message[8..]);
        (message[24], message[25]) = (TargetMacOption, 1);
        mac.CopyTo(message[26..]);
        WriteChecksum(frame[EthernetFrames.HeaderSize..AnnouncementSize]);
    }

    /// <summary>
    /// Asks who has the address, for nobody: what a host asks that looks for duplicates (RFC 4862 5.4.2). Nobody's cache changes, and whoever has it
    /// says so to all.
    /// </summary>
    public static void WriteProbe(Span<byte> frame, ReadOnlySpan<byte> mac, ReadOnlySpan<byte> vip)
    {
        Span<byte> group = stackalloc byte[16];
        SolicitedNode.CopyTo(group);
        vip[13..].CopyTo(group[13..]);
        WriteHeaders(frame, mac, stackalloc byte[16], group, ProbeSize);
        var message = frame[(EthernetFrames.HeaderSize + 40)..ProbeSize];
        message[0] = Solicitation;
        vip.CopyTo(message[8..]);
        WriteChecksum(frame[EthernetFrames.HeaderSize..ProbeSize]);
    }

    private static void WriteHeaders(Span<byte> frame, ReadOnlySpan<byte> mac, ReadOnlySpan<byte> source, ReadOnlySpan<byte> group, int size)
    {
        frame[..size].Clear();
        Span<byte> to = stackalloc byte[6];
        (to[0], to[1]) = (0x33, 0x33); // a group's Ethernet address ends with the group's last four octets
        group[12..].CopyTo(to[2..]);
        EthernetFrames.WriteHeader(frame, to, mac, EtherType);
        var ip = frame[EthernetFrames.HeaderSize..];
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(size - EthernetFrames.HeaderSize - 40));
        (ip[6], ip[7]) = (Icmp, 255); // with fewer hops it comes from elsewhere, and is not believed
        source.CopyTo(ip[8..]);
        group.CopyTo(ip[24..]);
    }

    /// <summary>The sum of RFC 4443 2.3, over addresses, length, protocol and message.</summary>
    private static void WriteChecksum(Span<byte> packet)
    {
        var message = packet[40..];
        message[2..4].Clear();
        var sum = (uint)message.Length + Icmp;
        for (var at = 8; at < packet.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)~sum);
    }
}
