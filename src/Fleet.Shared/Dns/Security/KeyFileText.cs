using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Shared.Dns.Security;

/// <summary>
/// The two files of a key as BIND writes them, and Knot and others read them. <c>.key</c> is the DNSKEY record below comments; <c>.private</c> is the
/// private key in BIND's format v1.3, followed by the times. Complaints never repeat the content of the private file.
/// </summary>
public static class KeyFileText
{
    /// <summary>TTL of the key set in seconds: how long resolvers may know only the earlier keys.</summary>
    public const uint TtlSeconds = 3600;

    /// <summary>No randomly drawn key has fewer octets: eight leading zeros come once in 2^64.</summary>
    private const int ScalarSizeMin = DnsKey.ScalarSize - 8;

    private const string TimeFormat = "yyyyMMddHHmmss";

    /// <summary>The text of the <c>.key</c> file.</summary>
    public static string PrintPublic(ZoneKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var owner = key.Zone.Length == 1 ? "." : $"{key.Zone}.";
        var text = new StringBuilder();
        text.Append($"; This is a {(key.Key.IsKeySigning ? "key" : "zone")}-signing key, keyid {key.Key.Tag}, for {owner}\n");
        foreach ((var name, var moment) in Fields(key.Times))
        {
            if (moment is { } seconds)
                text.Append(
                    $"; {name}: {TimeText(seconds)} "
                    + $"({DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)})\n");
        }

        return text.Append($"{owner} {TtlSeconds} IN DNSKEY {key.Key.ToText()}\n").ToString();
    }

    /// <summary>The text of the <c>.private</c> file: a secret.</summary>
    public static string PrintPrivate(ZoneKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var text = new StringBuilder("Private-key-format: v1.3\n");
        text.Append($"Algorithm: {DnsKey.Algorithm} (ECDSAP256SHA256)\nPrivateKey: {Convert.ToBase64String(key.Secret)}\n");
        foreach ((var name, var moment) in Fields(key.Times))
        {
            if (moment is { } seconds)
                text.Append($"{name}: {TimeText(seconds)}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads both files of one key; false with a complaint about the first thing that is wrong.</summary>
    public static bool TryRead(
        string publicText, string privateText, [NotNullWhen(true)] out ZoneKey? key, [NotNullWhen(false)] out string? complaint)
    {
        key = null;
        if (!TryReadRecord(publicText, out var zone, out var shown, out complaint)
            || !TryReadPrivate(privateText, out var secret, out var times, out complaint))
            return false;
        if (ZoneKey.TryPair(zone, shown, times, secret, out key) && key is not null)
            return true;
        complaint = "the private key does not belong to the public one";
        return false;
    }

    /// <summary>A moment as the files have it: <c>20300101000000</c>, UTC.</summary>
    public static string TimeText(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static bool TryReadRecord(
        string text, [NotNullWhen(true)] out DnsName? zone, [NotNullWhen(true)] out DnsKey? key, [NotNullWhen(false)] out string? complaint)
    {
        zone = null;
        key = null;
        complaint = "it holds no DNSKEY record";
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(';')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            var at = Array.IndexOf(words, "DNSKEY");
            if (at < 1)
                continue;
            if (!DnsName.TryParse(words[0], out zone))
                complaint = "the record's owner is not a domain name";
            else if (DnsKey.TryParse(words.AsSpan(at + 1), out key, out complaint))
                return true;
            return false;
        }

        return false;
    }

    private static bool TryReadPrivate(
        string text, [NotNullWhen(true)] out byte[]? secret, [NotNullWhen(true)] out KeyTimes? times, [NotNullWhen(false)] out string? complaint)
    {
        secret = null;
        times = null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (line.IndexOf(':') is > 0 and var colon)
                fields[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        if (!fields.GetValueOrDefault("Private-key-format", "").StartsWith("v1.", StringComparison.Ordinal))
            complaint = "it is not a private key in the format v1.2 or v1.3";
        else if (fields.GetValueOrDefault("Algorithm", "").Split(' ')[0] != $"{DnsKey.Algorithm}")
            complaint = $"its algorithm is not {DnsKey.Algorithm} (ECDSAP256SHA256)";
        else if (!TryScalar(fields.GetValueOrDefault("PrivateKey", ""), out secret))
            complaint = $"its private key is not {DnsKey.ScalarSize} octets in base64";
        else
            return TryReadTimes(fields, out times, out complaint);
        return false;
    }

    /// <summary>BIND leaves out the leading zeros of a private key, which one in 256 has.</summary>
    private static bool TryScalar(string text, [NotNullWhen(true)] out byte[]? scalar)
    {
        Span<byte> buffer = stackalloc byte[DnsKey.ScalarSize];
        scalar = null;
        if (!Convert.TryFromBase64String(text, buffer, out var written) || written < ScalarSizeMin)
            return false;
        scalar = new byte[DnsKey.ScalarSize];
        buffer[..written].CopyTo(scalar.AsSpan(DnsKey.ScalarSize - written));
        CryptographicOperations.ZeroMemory(buffer);
        return true;
    }

    private static bool TryReadTimes(
        Dictionary<string, string> fields, [NotNullWhen(true)] out KeyTimes? times, [NotNullWhen(false)] out string? complaint)
    {
        times = null;
        complaint = null;
        var read = new Dictionary<string, long?>(StringComparer.Ordinal);
        foreach ((var name, _) in Fields(new KeyTimes()))
        {
            if (!fields.TryGetValue(name, out var text))
                continue;
            if (!DateTimeOffset.TryParseExact(text.Split(' ')[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var moment))
            {
                complaint = $"its time '{name}' is not of the form YYYYMMDDHHMMSS";
                return false;
            }

            read[name] = moment.ToUnixTimeSeconds();
        }

        times = new KeyTimes
        {
            Created = read.GetValueOrDefault("Created"),
            Publish = read.GetValueOrDefault("Publish"),
            Activate = read.GetValueOrDefault("Activate"),
            Inactive = read.GetValueOrDefault("Inactive"),
            Delete = read.GetValueOrDefault("Delete"),
            SyncPublish = read.GetValueOrDefault("SyncPublish"),
            SyncDelete = read.GetValueOrDefault("SyncDelete"),
        };
        return true;
    }

    private static (string Name, long? Moment)[] Fields(KeyTimes times) =>
    [
        ("Created", times.Created), ("Publish", times.Publish), ("Activate", times.Activate), ("Inactive", times.Inactive), ("Delete", times.Delete),
        ("SyncPublish", times.SyncPublish), ("SyncDelete", times.SyncDelete),
    ];
}
