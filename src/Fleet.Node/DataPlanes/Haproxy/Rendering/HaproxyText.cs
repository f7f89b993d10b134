using System.Net;
using System.Text;

namespace Fleet.Node.DataPlanes.Haproxy.Rendering;

/// <summary>
/// Foreign text inside HAProxy's grammar. Names and paths come from people; nothing that they write may become a word, a line or a comment's end
/// of the configuration, nor a command of the runtime API (configuration.txt, section 2.2, "Quoting and escaping"; management.txt, section 9.3).
/// </summary>
internal static class HaproxyText
{
    private const int NameMax = 100;

    /// <summary>For comments and words: ASCII letters, digits, '-' and '.' stay, everything else is <c>_</c> and its code in hexadecimal.</summary>
    public static string Name(string text)
    {
        var safe = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(NameMax))
        {
            if (Rune.IsLetterOrDigit(rune) && rune.IsAscii || rune.Value is '-' or '.')
                safe.Append(rune.ToString());
            else
                safe.Append($"_{rune.Value:x}");
        }

        return safe.Length == 0 ? "_" : safe.ToString();
    }

    /// <summary>One word, whatever it holds: single quotes keep all but themselves.</summary>
    /// <exception cref="ArgumentException">It has a control character, which no word of a line can have.</exception>
    public static string Quoted(string text)
    {
        if (text.Any(char.IsControl))
            throw new ArgumentException($"HAProxy's configuration cannot hold the control characters of '{Name(text)}'.", nameof(text));
        return $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    /// <summary><c>10.0.0.1:80</c> or <c>[2001:db8::1]:80</c>, without a scope id.</summary>
    public static string Endpoint(IPEndPoint endpoint) => new IPEndPoint(Plain(endpoint.Address), endpoint.Port).ToString();

    public static string Address(IPAddress address) => Plain(address).ToString();

    public static string Milliseconds(TimeSpan span) => $"{(long)span.TotalMilliseconds}ms";

    private static IPAddress Plain(IPAddress address) => new(address.GetAddressBytes());
}
