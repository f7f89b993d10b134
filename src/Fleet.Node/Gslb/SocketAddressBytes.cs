using System.Runtime.InteropServices;

namespace Fleet.Node.Gslb;

/// <summary>Finds the IP address in a sockaddr of Linux.</summary>
internal static class SocketAddressBytes
{
    /// <summary>Octets of the longest sockaddr that an IP socket fills in (sockaddr_in6).</summary>
    public const int SizeMax = 28;

    private const ushort Inet = 2;
    private const int InetAddressAt = 4;
    private const int Inet6AddressAt = 8;
    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

    /// <summary>The address: 4 octets for IPv4, even where it comes mapped into IPv6; otherwise 16.</summary>
    public static ReadOnlySpan<byte> AddressOf(ReadOnlySpan<byte> socketAddress)
    {
        if (MemoryMarshal.Read<ushort>(socketAddress) == Inet)
            return socketAddress.Slice(InetAddressAt, 4);
        var address = socketAddress.Slice(Inet6AddressAt, 16);
        return address.StartsWith(MappedPrefix) ? address[12..] : address;
    }
}
