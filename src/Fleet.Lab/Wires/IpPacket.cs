using Fleet.Shared.Model;

namespace Fleet.Lab.Wires;

/// <summary>Who sends a packet to whom: the addresses as <see cref="Prefix"/> has them.</summary>
internal readonly record struct PacketWay(UInt128 From, UInt128 To, bool IsV6);

/// <summary>What the relay reads of a packet.</summary>
internal static class IpPacket
{
    private const int Header4 = 20;
    private const int Header6 = 40;

    /// <summary>IPv4 (RFC 791 3.1) and IPv6 (RFC 8200 3); anything else is not read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out PacketWay way)
    {
        way = default;
        if (packet.Length >= Header4 && packet[0] >> 4 == 4)
            way = new PacketWay(Prefix.BitsOf(packet.Slice(12, 4)), Prefix.BitsOf(packet.Slice(16, 4)), IsV6: false);
        else if (packet.Length >= Header6 && packet[0] >> 4 == 6)
            way = new PacketWay(Prefix.BitsOf(packet.Slice(8, 16)), Prefix.BitsOf(packet.Slice(24, 16)), IsV6: true);
        else
            return false;
        return true;
    }
}
