using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fleet.Shared.Model;

namespace Fleet.Shared.Dns;

/// <summary>The EDNS Client Subnet option, RFC 7871 6: for whom a resolver asks.</summary>
/// <param name="Family">1 for IPv4, 2 for IPv6; 0 only with a source prefix of 0 ("no subnet").</param>
/// <param name="SourcePrefix">Bits of the address that the asker disclosed.</param>
/// <param name="ScopePrefix">Bits that the answer depends on; 0 in queries.</param>
/// <param name="Address">The address, leftmost bit first in the 128 bits; bits behind the source prefix are 0.</param>
public readonly record struct ClientSubnet(ushort Family, byte SourcePrefix, byte ScopePrefix, UInt128 Address)
{
    /// <summary>EDNS option code.</summary>
    public const ushort OptionCode = 8;

    /// <summary>Octets of the longest option, its code and length included.</summary>
    public const int SizeMax = 24;

    /// <summary>Octets on the wire, option code and length included.</summary>
    public int Size => 8 + OctetsOf(SourcePrefix);

    /// <summary>
    /// The subnet of <paramref name="address"/> with <paramref name="prefix"/> bits; the bits behind are cleared.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The prefix is longer than the address.</exception>
    public static ClientSubnet Truncate(IPAddress address, int prefix)
    {
        ArgumentNullException.ThrowIfNull(address);
        var v4 = address.AddressFamily == AddressFamily.InterNetwork;
        ArgumentOutOfRangeException.ThrowIfNegative(prefix);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix, v4 ? 32 : 128);
        return new ClientSubnet((ushort)(v4 ? 1 : 2), (byte)prefix, 0, Prefix.BitsOf(address) & Prefix.MaskOf(prefix));
    }

    /// <summary>
    /// Reads the option's data. False where RFC 7871 asks for FORMERR: an unknown family, a prefix longer than the address,
    /// too few or too many address octets, or bits set behind the prefix.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ClientSubnet subnet)
    {
        subnet = default;
        if (data.Length < 4)
            return false;
        var family = BinaryPrimitives.ReadUInt16BigEndian(data);
        var bitsMax = family switch { 0 => 0, 1 => 32, 2 => 128, _ => -1 };
        var source = data[2];
        var scope = data[3];
        if (source > bitsMax || scope > bitsMax || data.Length - 4 != OctetsOf(source))
            return false;
        var (high, low) = (0UL, 0UL);
        for (var i = 4; i < data.Length; i++)
        {
            if (i < 4 + sizeof(ulong))
                high |= (ulong)data[i] << (8 * (11 - i));
            else
                low |= (ulong)data[i] << (8 * (19 - i));
        }

        var address = new UInt128(high, low);
        subnet = new ClientSubnet(family, source, scope, address);
        return (address & ~Prefix.MaskOf(source)) == UInt128.Zero;
    }

    /// <summary>Writes the option with its code and length.</summary>
    public void Write(ref DnsWriter writer) => Write(ref writer, ScopePrefix);

    /// <summary>Writes the option for an answer that depends on <paramref name="scope"/> bits.</summary>
    public void Write(ref DnsWriter writer, byte scope)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, Address);
        writer.WriteUInt16(OptionCode);
        writer.WriteUInt16((ushort)(Size - 4));
        writer.WriteUInt16(Family);
        writer.WriteByte(SourcePrefix);
        writer.WriteByte(scope);
        writer.WriteBytes(octets[..OctetsOf(SourcePrefix)]);
    }

    private static int OctetsOf(int bits) => (bits + 7) / 8;
}
