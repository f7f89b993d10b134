using System.Net;
using System.Net.Sockets;

namespace Fleet.Http;

/// <summary>Who counts as one stranger: an IPv4 address, or an IPv6 /64, of which one host has all.</summary>
internal static class Origin
{
    public static IPAddress Unmap(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
