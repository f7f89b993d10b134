using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Fleet.Shared.Dns;

namespace Fleet.Coordinator.Projections.Rows;

/// <summary>
/// The data of a record as a zone file has it (RFC 1035 5.1), for the types that a fleet answers; others as octets (RFC 3597 5). Names have no dot at
/// the end.
/// </summary>
internal static class RecordText
{
    public static string Of(DnsType type, ReadOnlySpan<byte> data) => type switch
    {
        DnsType.A or DnsType.Aaaa when data.Length is 4 or 16 => new IPAddress(data).ToString(),
        DnsType.Cname or DnsType.Ptr when DnsName.TryFromWire(data, out var name) => name.ToString(),
        DnsType.Mx when data.Length > 2 && DnsName.TryFromWire(data[2..], out var host) => $"{U16(data, 0)} {host}",
        DnsType.Srv when data.Length > 6 && DnsName.TryFromWire(data[6..], out var host) =>
            $"{U16(data, 0)} {U16(data, 2)} {U16(data, 4)} {host}",
        DnsType.Txt => Strings(data),
        DnsType.Caa when data.Length > 2 && data.Length >= 2 + data[1] =>
            $"{data[0]} {Encoding.ASCII.GetString(data.Slice(2, data[1]))} {Quoted(data[(2 + data[1])..])}",
        _ => $"\\# {data.Length} {Convert.ToHexString(data)}",
    };

    private static string Strings(ReadOnlySpan<byte> data)
    {
        var strings = new List<string>();
        while (data.Length > 0 && data.Length > data[0])
        {
            strings.Add(Quoted(data.Slice(1, data[0])));
            data = data[(data[0] + 1)..];
        }

        return string.Join(' ', strings);
    }

    /// <summary>What is not printable ASCII is written as three decimal digits.</summary>
    private static string Quoted(ReadOnlySpan<byte> octets)
    {
        var text = new StringBuilder("\"");
        foreach (var octet in octets)
        {
            if (octet is (byte)'"' or (byte)'\\')
                text.Append('\\').Append((char)octet);
            else if (octet is >= 0x20 and < 0x7F)
                text.Append((char)octet);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{octet:000}");
        }

        return text.Append('"').ToString();
    }

    private static ushort U16(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
}
