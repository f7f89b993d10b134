using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Fleet.Shared.Model;

/// <summary>
/// Addresses from first to last, both included. A network (`/24`) means its hosts: in IPv4 without the first and the last address, unless it is a /31
/// or /32.
/// </summary>
public readonly record struct AddressRange(VipAddress First, VipAddress Last)
{
    public UInt128 Count => Number(Last) - Number(First) + 1;

    /// <summary>In ascending order, made one by one: a /64 is long.</summary>
    public IEnumerable<VipAddress> Addresses
    {
        get
        {
            var (first, v6) = (Number(First), First.IsV6);
            for (UInt128 i = 0, count = Count; i < count; i++)
                yield return Address(first + i, v6);
        }
    }

    /// <summary>Takes `10.0.0.1`, `10.0.0.1-10.0.0.20` and `10.0.0.0/24`, of either family.</summary>
    public static bool TryParse(string? text, out AddressRange range)
    {
        range = default;
        if (text is null)
            return false;
        var slash = text.IndexOf('/');
        if (slash >= 0)
            return TryNetwork(text[..slash], text[(slash + 1)..], out range);
        var dash = text.IndexOf('-');
        if (!VipAddress.TryParse((dash < 0 ? text : text[..dash]).Trim(), out var first)
            || !VipAddress.TryParse((dash < 0 ? text : text[(dash + 1)..]).Trim(), out var last))
            return false;
        range = new AddressRange(first, last);
        return first.IsV6 == last.IsV6 && Number(first) <= Number(last);
    }

    static bool TryNetwork(string address, string prefix, out AddressRange range)
    {
        range = default;
        if (!VipAddress.TryParse(address, out var parsed) || !byte.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
            return false;
        var width = parsed.IsV6 ? 128 : 32;
        if (bits > width)
            return false;
        var hosts = bits == 0 && width == 128 ? UInt128.MaxValue : (UInt128.One << (width - bits)) - 1;
        var first = Number(parsed) & ~hosts;
        var last = first | hosts;
        if (!parsed.IsV6 && hosts > 1)
            (first, last) = (first + 1, last - 1);
        range = new AddressRange(Address(first, parsed.IsV6), Address(last, parsed.IsV6));
        return true;
    }

    static UInt128 Number(VipAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.Value.TryWriteBytes(bytes[(address.IsV6 ? 0 : 12)..], out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    static VipAddress Address(UInt128 number, bool v6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new VipAddress(new IPAddress(v6 ? bytes : bytes[12..]));
    }
}
