using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Text;
using Fleet.Node.Vips.Linux.Netlink;

namespace Fleet.Node.Vips.Linux.Interfaces;

/// <summary>Network interfaces in rtnetlink(7): struct ifinfomsg of 16 octets, then attributes.</summary>
internal static class LinkMessages
{
    private const ushort NewLink = 16;
    private const ushort GetLink = 18;
    private const int HeaderSize = 16;
    private const ushort AddressAttribute = 1;
    private const ushort NameAttribute = 3;
    private const ushort MtuAttribute = 4;
    private const ushort Ethernet = 1; // ARPHRD_ETHER
    private const uint Up = 0x1 | 0x10000; // IFF_UP and IFF_LOWER_UP: wanted, and with a carrier

    /// <summary>Asks for all of them.</summary>
    public static void WriteDump(NetlinkWriter writer)
    {
        writer.Begin(GetLink, NetlinkFlags.Request | NetlinkFlags.Dump);
        writer.Bytes(stackalloc byte[HeaderSize]);
        writer.End();
    }

    public static bool TryRead(in NetlinkMessage message, out Link link)
    {
        link = default!;
        if (message.Type != NewLink || message.Body.Length < HeaderSize)
            return false;
        var attributes = message.Body[HeaderSize..];
        var mac = AttributeReader.Find(attributes, AddressAttribute);
        var mtu = AttributeReader.Find(attributes, MtuAttribute);
        link = new Link(
            MemoryMarshal.Read<int>(message.Body[4..]),
            Encoding.UTF8.GetString(AttributeReader.Find(attributes, NameAttribute).TrimEnd((byte)0)),
            new PhysicalAddress(mac.ToArray()),
            MemoryMarshal.Read<ushort>(message.Body[2..]) == Ethernet && mac.Length == Link.MacSize,
            (MemoryMarshal.Read<uint>(message.Body[8..]) & Up) == Up,
            mtu.Length == sizeof(int) ? MemoryMarshal.Read<int>(mtu) : null);
        return true;
    }
}
