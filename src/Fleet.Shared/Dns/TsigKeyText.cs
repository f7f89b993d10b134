using System.Diagnostics.CodeAnalysis;

namespace Fleet.Shared.Dns;

/// <summary>
/// Reads a key as <c>tsig-keygen</c> prints it and BIND's configuration holds it: <c>key "name" { algorithm hmac-sha256; secret "base64"; };</c>.
/// Comments may be <c>#</c>, <c>//</c> and <c>/* */</c>.
/// </summary>
public static class TsigKeyText
{
    private const int SecretMin = 16;

    /// <summary>False with the mistake, which never holds the secret; the text must hold one key and nothing else.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out TsigKey? key, out string mistake)
    {
        key = null;
        mistake = "it is not of the form: key \"name\" { algorithm hmac-sha256; secret \"base64\"; };";
        var words = Words(text);
        if (words is not ["key", var name, "{", .. var inside, "}", ";"] || inside.Count != 6)
            return false;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < inside.Count; at += 3)
        {
            if (inside[at + 2] != ";" || !fields.TryAdd(inside[at], inside[at + 1]))
                return false;
        }

        if (!fields.TryGetValue("algorithm", out var word) || !fields.TryGetValue("secret", out var base64))
            return false;
        return TryMake(name, word, base64, out key, out mistake);
    }

    private static bool TryMake(string name, string word, string base64, [NotNullWhen(true)] out TsigKey? key, out string mistake)
    {
        key = null;
        mistake = "";
        var secret = new byte[base64.Length];
        if (!DnsName.TryParse(name, out var parsed))
            mistake = $"the key's name '{name}' is not a domain name";
        else if (!TsigKey.TryAlgorithm(word, out _))
            mistake = $"the algorithm is {word}; hmac-sha256 and hmac-sha512 are known";
        else if (!Convert.TryFromBase64String(base64, secret, out var length))
            mistake = "the secret is not base64";
        else if (length < SecretMin)
            mistake = $"the secret has {length} octets; fewer than {SecretMin} can be guessed";
        else if (TsigKey.TryAlgorithm(word, out var algorithm))
            key = new TsigKey(parsed, algorithm, secret.AsSpan(0, length));
        return key is not null;
    }

    /// <summary>Words, strings without their quotes, and the signs { } and ;.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var at = 0;
        while (at < text.Length)
        {
            var end = at + 1;
            if (char.IsWhiteSpace(text[at]))
            {
                at = end;
                continue;
            }

            if (text[at] == '#' || Starts(text, at, "//"))
            {
                at = EndOf(text, "\n", at);
                continue;
            }

            if (Starts(text, at, "/*"))
            {
                at = EndOf(text, "*/", at + 2);
                continue;
            }

            if (text[at] == '"')
            {
                end = EndOf(text, "\"", at + 1);
                words.Add(text[(at + 1)..Math.Max(at + 1, end - 1)]);
            }
            else
            {
                while (!IsSign(text[at]) && end < text.Length && !char.IsWhiteSpace(text[end]) && !IsSign(text[end]) && text[end] != '"')
                    end++;
                words.Add(text[at..end]);
            }

            at = end;
        }

        return words;
    }

    private static bool IsSign(char c) => c is '{' or '}' or ';';

    private static bool Starts(string text, int at, string with) => string.CompareOrdinal(text, at, with, 0, with.Length) == 0;

    private static int EndOf(string text, string sign, int from)
    {
        var found = text.IndexOf(sign, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : found + sign.Length;
    }
}
