using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fleet.Node.Gslb;

/// <summary>
/// The control data of Linux that says at which of its addresses a host was asked (ip(7) IP_PKTINFO, RFC 3542 6.1). Given back, it makes the answer
/// leave from there. Only a socket bound to any address needs it. One buffer serves both ways: what came in goes out.
/// </summary>
internal static class PacketInfo
{
    /// <summary>
    /// Octets that the control data of one message takes at most: a header of 16, an IPv6 address and an interface index, rounded up.
    /// </summary>
    public const int SizeMax = 40;

    private const int HeaderSize = 16;
    private const int LevelIp = 0;
    private const int LevelIpv6 = 41;
    private const int IpPacketInfo = 8;
    private const int Ipv6ReceivePacketInfo = 49;
    private const int Ipv6PacketInfo = 50;
    private const int Ipv6InterfaceAt = HeaderSize + 16;

    /// <summary>Whether a socket bound to that address cannot know where it is asked.</summary>
    public static bool IsNeededAt(IPAddress bound) => bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any);

    /// <summary>Asks the kernel for the control data with every datagram. With IPv6 it comes for mapped IPv4 addresses as well.</summary>
    public static void Request(Socket socket)
    {
        var on = BitConverter.GetBytes(1);
        if (socket.AddressFamily == AddressFamily.InterNetwork)
            socket.SetRawSocketOption(LevelIp, IpPacketInfo, on);
        else
            socket.SetRawSocketOption(LevelIpv6, Ipv6ReceivePacketInfo, on);
    }

    /// <summary>
    /// Turns control data that was received into what is sent: the address stays, the interface is left to routing. Returns its octets; 0 if it is of
    /// no known kind, and then the kernel chooses the address.
    /// </summary>
    public static int Reverse(Span<byte> control)
    {
        if (control.Length < HeaderSize)
            return 0;
        var length = (int)MemoryMarshal.Read<long>(control);
        (var level, var type) = (MemoryMarshal.Read<int>(control[8..]), MemoryMarshal.Read<int>(control[12..]));
        if (length > control.Length)
            return 0;
        switch (level, type)
        {
            case (LevelIp, IpPacketInfo) when length >= HeaderSize + 12: // interface, local address, address in the packet
                control.Slice(HeaderSize, 4).Clear();
                return control.Length;
            case (LevelIpv6, Ipv6PacketInfo) when length >= Ipv6InterfaceAt + 4:
                control.Slice(Ipv6InterfaceAt, 4).Clear();
                return control.Length;
            default:
                return 0;
        }
    }
}
