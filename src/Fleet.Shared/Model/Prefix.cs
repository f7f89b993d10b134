using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;

namespace Fleet.Shared.Model;

/// <summary>An address prefix in CIDR notation (RFC 4632, RFC 4291 2.3). Sorted by family, then address, the wider one first.</summary>
/// <param name="Bits">The address, leftmost bit first in the 128 bits of either family; bits behind the prefix are 0.</param>
/// <param name="Length">0 to 32, or to 128.</param>
[JsonConverter(typeof(PrefixJson))]
public readonly record struct Prefix(UInt128 Bits, byte Length, bool IsV6) : IComparable<Prefix>
{
    /// <summary>
    /// Takes <c>10.1.0.0/16</c> and <c>2001:db8::/32</c>; an address alone is its own prefix. Bits set behind the prefix are refused: they are a
    /// mistake more often than not.
    /// </summary>
    public static bool TryParse(string? text, out Prefix prefix)
    {
        prefix = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (!VipAddress.TryParse(slash < 0 ? text : text![..slash], out var address))
            return false;
        var width = WidthOf(address.IsV6);
        var length = width;
        if (slash >= 0 && (!byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > width))
            return false;
        var bits = BitsOf(address.Value);
        prefix = new Prefix(bits & MaskOf(length), length, address.IsV6);
        return prefix.Bits == bits;
    }

    /// <summary>The address leftmost bit first in 128 bits, the rest 0.</summary>
    public static UInt128 BitsOf(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        return address.TryWriteBytes(octets, out var length) ? BitsOf(octets[..length]) : UInt128.Zero;
    }

    /// <summary>The same of the octets of an address, or of as many as there are: at most 16.</summary>
    public static UInt128 BitsOf(ReadOnlySpan<byte> address)
    {
        Span<byte> octets = stackalloc byte[16];
        octets.Clear();
        address.CopyTo(octets);
        return BinaryPrimitives.ReadUInt128BigEndian(octets);
    }

    /// <summary>That many leading ones.</summary>
    public static UInt128 MaskOf(int length) => length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);

    /// <summary>Whether the address, of 4 or 16 octets, lies within.</summary>
    public bool Contains(ReadOnlySpan<byte> address) => address.Length == WidthOf(IsV6) / 8 && (BitsOf(address) & MaskOf(Length)) == Bits;

    public int CompareTo(Prefix other) => (IsV6, Bits, Length).CompareTo((other.IsV6, other.Bits, other.Length));

    public override string ToString()
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, Bits);
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(IsV6 ? octets : octets[..4])}/{Length}");
    }

    static byte WidthOf(bool v6) => (byte)(v6 ? 128 : 32);
}
