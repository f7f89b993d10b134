using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Fleet.Shared.Dns;
using Fleet.Shared.Model;

namespace Fleet.Shared.Gslb;

/// <summary>
/// The records beside the balanced names, written as in a zone file (RFC 1035 5.1): <c>name ttl type data</c>, with <c>IN</c> in between if you like.
/// The TTL is in seconds, or with s, m, h, d or w behind it. Names without a dot at the end lie in the primary zone.
/// </summary>
public static class PlainRecords
{
    private const string Types = "A, AAAA, CNAME, TXT, MX, SRV, CAA or PTR";
    private const int TtlDigitsMax = 9;

    /// <summary>The record sets of the lines that can be read; records of one name and type get the lowest of their TTLs (RFC 2181 5.2).</summary>
    public static ImmutableArray<RecordSet> ForZone(GslbZone policy)
    {
        if (GslbNames.Zones(policy) is not [var primary, ..] zones)
            return [];
        var records = policy.Records.Select(line => TryRead(line, primary, zones, out var record, out _) ? record : null).OfType<RecordSet>();
        return
        [
            .. records.GroupBy(record => (record.Name, record.Type)).Select(set => new RecordSet(
                set.Key.Name,
                set.Key.Type,
                set.Min(record => record.Ttl),
                [.. set.SelectMany(record => record.Data).DistinctBy(data => Convert.ToHexString(data.AsSpan()))])),
        ];
    }

    /// <summary>What is wrong with a line; null is nothing.</summary>
    public static string? MistakeIn(string line, GslbZone policy)
    {
        if (GslbNames.Zones(policy) is not [var primary, ..] zones)
            return null;
        return TryRead(line, primary, zones, out _, out var mistake) ? null : mistake;
    }

    private static bool TryRead(string line, DnsName primary, ImmutableArray<DnsName> zones, out RecordSet? record, out string mistake)
    {
        record = null;
        var words = Words(line);
        if (words.Count > 2 && words[2].Equals("IN", StringComparison.OrdinalIgnoreCase))
            words.RemoveAt(2);
        if (words.Count < 4)
            return Fail("name, TTL, type and data", out mistake);
        if (GslbNames.Parse(words[0], primary) is not { } name || !zones.Any(name.IsWithin))
            return Fail($"a name within {string.Join(" or ", zones)}", out mistake);
        if (!TryTtl(words[1], out var ttl))
            return Fail("a TTL such as 300, 5m or 1h", out mistake);
        if (!Enum.TryParse<DnsType>(words[2], ignoreCase: true, out var type) || char.IsAsciiDigit(words[2][0]))
            return Fail($"a type of {Types}", out mistake);
        if (DataOf(type, words[3..], primary) is not { } data)
            return Fail(Allowed(type), out mistake);
        record = new RecordSet(name, type, ttl, [[.. data]]);
        mistake = "";
        return true;
    }

    private static bool Fail(string allowed, out string mistake)
    {
        mistake = allowed;
        return false;
    }

    private static byte[]? DataOf(DnsType type, List<string> words, DnsName zone) => (type, words) switch
    {
        (DnsType.A, [var text]) => AddressOf(text, AddressFamily.InterNetwork),
        (DnsType.Aaaa, [var text]) => AddressOf(text, AddressFamily.InterNetworkV6),
        (DnsType.Cname or DnsType.Ptr, [var text]) => GslbNames.Parse(text, zone)?.Wire.ToArray(),
        (DnsType.Txt, _) => words.All(word => Encoding.UTF8.GetByteCount(word) <= byte.MaxValue) ? [.. words.SelectMany(CharacterString)] : null,
        (DnsType.Mx, [var preference, var host]) =>
            Numbers([preference]) is { } head && GslbNames.Parse(host, zone) is { } name ? [.. head, .. name.Wire] : null,
        (DnsType.Srv, [var priority, var weight, var port, var host]) =>
            Numbers([priority, weight, port]) is { } head && GslbNames.Parse(host, zone) is { } name ? [.. head, .. name.Wire] : null,
        (DnsType.Caa, [var flags, var tag, var value]) =>
            byte.TryParse(flags, CultureInfo.InvariantCulture, out var octet) && tag.Length is > 0 and < 16 && tag.All(char.IsAsciiLetterOrDigit)
            ? [octet, .. CharacterString(tag), .. Encoding.UTF8.GetBytes(value)]
            : null,
        _ => null,
    };

    private static string Allowed(DnsType type) => type switch
    {
        DnsType.A => "A and an IPv4 address",
        DnsType.Aaaa => "AAAA and an IPv6 address",
        DnsType.Cname or DnsType.Ptr => "one name",
        DnsType.Txt => "TXT and texts of up to 255 octets, in quotes",
        DnsType.Mx => "MX, a preference and a name",
        DnsType.Srv => "SRV, priority, weight, port and a name",
        DnsType.Caa => "CAA, flags, a tag and a value, such as 0 issue \"ca.example.net\"",
        _ => $"a type of {Types}",
    };

    private static byte[]? AddressOf(string text, AddressFamily family) =>
        VipAddress.TryParse(text, out var address) && address.Value.AddressFamily == family ? address.Value.GetAddressBytes() : null;

    private static byte[] CharacterString(string text) => [(byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    private static byte[]? Numbers(string[] words)
    {
        var octets = new byte[2 * words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!ushort.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2 * i), number);
        }

        return octets;
    }

    private static bool TryTtl(string text, out uint seconds)
    {
        seconds = 0;
        var unit = char.IsAsciiDigit(text[^1])
            ? 1u
            : char.ToLowerInvariant(text[^1]) switch { 's' => 1u, 'm' => 60u, 'h' => 3600u, 'd' => 86_400u, 'w' => 604_800u, _ => 0u };
        var digits = char.IsAsciiDigit(text[^1]) ? text : text[..^1];
        if (unit == 0
            || digits.Length > TtlDigitsMax
            || !ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number * unit > int.MaxValue)
            return false;
        seconds = (uint)(number * unit);
        return true;
    }

    /// <summary>Words between blanks; what stands between double quotes is one word, with <c>\"</c> for a quote in it.</summary>
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        for (var at = 0; at < line.Length;)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }

            var word = new StringBuilder();
            var quoted = line[at] == '"';
            for (at += quoted ? 1 : 0; at < line.Length && (quoted ? line[at] != '"' : !char.IsWhiteSpace(line[at])); at++)
            {
                if (line[at] == '\\' && at + 1 < line.Length && line[at + 1] is '"' or '\\')
                    at++;
                word.Append(line[at]);
            }

            at += quoted ? 1 : 0;
            words.Add(word.ToString());
        }

        return words;
    }
}
