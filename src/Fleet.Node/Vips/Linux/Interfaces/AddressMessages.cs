using System.Net;
using System.Runtime.InteropServices;
using Fleet.Node.Vips.Linux.Netlink;
using Fleet.Shared.Model;

namespace Fleet.Node.Vips.Linux.Interfaces;

/// <summary>
/// Addresses of interfaces in rtnetlink(7): struct ifaddrmsg of 8 octets (family, prefix length, flags, scope, interface), then attributes. A VIP is
/// added with its full length, without a route of its own and without duplicate address detection, which would take two seconds and belongs to hosts
/// that have no lease.
/// </summary>
internal static class AddressMessages
{
    /// <summary>
    /// Says in the address itself who added it (IFA_PROTO, Linux 5.18): an agent that starts anew knows its own addresses by it, even if all tables
    /// are gone. Older kernels forget it. The kernel's own numbers are 1 to 3.
    /// </summary>
    public const byte Mark = 0x46;

    private const ushort NewAddress = 20;
    private const ushort DeleteAddress = 21;
    private const ushort GetAddress = 22;
    private const int HeaderSize = 8;
    private const ushort AddressAttribute = 1;
    private const ushort LocalAttribute = 2;
    private const ushort FlagsAttribute = 8;
    private const ushort ProtocolAttribute = 11;
    private const uint NoDuplicateDetection = 0x02; // IFA_F_NODAD
    private const uint NoPrefixRoute = 0x200; // IFA_F_NOPREFIXROUTE
    private const byte Inet = 2;
    private const byte Inet6 = 10;

    public static void WriteAdd(NetlinkWriter writer, VipAddress vip, int link)
    {
        const ushort flags = NetlinkFlags.Request | NetlinkFlags.Acknowledge | NetlinkFlags.Create | NetlinkFlags.Exclusive;
        WriteHeader(writer, NewAddress, flags, vip, link);
        writer.Attribute(FlagsAttribute, NoPrefixRoute | (vip.IsV6 ? NoDuplicateDetection : 0));
        writer.Attribute(ProtocolAttribute, [Mark]);
        writer.End();
    }

    public static void WriteDelete(NetlinkWriter writer, VipAddress vip, int link)
    {
        WriteHeader(writer, DeleteAddress, NetlinkFlags.Request | NetlinkFlags.Acknowledge, vip, link);
        writer.End();
    }

    /// <summary>Asks for all addresses of all interfaces.</summary>
    public static void WriteDump(NetlinkWriter writer)
    {
        writer.Begin(GetAddress, NetlinkFlags.Request | NetlinkFlags.Dump);
        writer.Bytes(stackalloc byte[HeaderSize]);
        writer.End();
    }

    public static bool TryRead(in NetlinkMessage message, out InterfaceAddress address)
    {
        address = default!;
        if (message.Type != NewAddress || message.Body.Length < HeaderSize)
            return false;
        var attributes = message.Body[HeaderSize..];
        var bytes = AttributeReader.Find(attributes, LocalAttribute); // of a point-to-point link the other attribute is the peer
        if (bytes.IsEmpty)
            bytes = AttributeReader.Find(attributes, AddressAttribute);
        if (bytes.Length != (message.Body[0] == Inet6 ? 16 : 4))
            return false;
        address = new InterfaceAddress(
            new VipAddress(new IPAddress(bytes)),
            MemoryMarshal.Read<int>(message.Body[4..]),
            message.Body[1],
            AttributeReader.Find(attributes, ProtocolAttribute) is [Mark]);
        return true;
    }

    private static void WriteHeader(NetlinkWriter writer, ushort type, ushort flags, VipAddress vip, int link)
    {
        Span<byte> bytes = stackalloc byte[16];
        vip.Value.TryWriteBytes(bytes, out var length);
        bytes = bytes[..length];
        Span<byte> header = stackalloc byte[HeaderSize];
        (header[0], header[1]) = (vip.IsV6 ? Inet6 : Inet, (byte)(length * 8));
        MemoryMarshal.Write(header[4..], link);
        writer.Begin(type, flags);
        writer.Bytes(header);
        writer.Attribute(LocalAttribute, bytes);
        writer.Attribute(AddressAttribute, bytes);
    }
}
