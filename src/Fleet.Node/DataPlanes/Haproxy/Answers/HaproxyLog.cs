using System.Text.RegularExpressions;

namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>What HAProxy says on standard error: a line begins with its kind and its process, and [ALERT] is why something did not happen.</summary>
internal static partial class HaproxyLog
{
    private const int LengthMax = 500;

    /// <summary>The alerts in one line, or else the last line; at most 500 characters, without control characters.</summary>
    public static string Alerts(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var alerts = lines.Select(line => Alert().Match(line)).Where(match => match.Success).Select(match => match.Groups["text"].Value.TrimEnd('.'));
        var text = string.Join("; ", alerts);
        if (text.Length == 0)
            text = lines.Length > 0 ? lines[^1] : "it said nothing";
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length > LengthMax ? text[..LengthMax] + " ..." : text;
    }

    [GeneratedRegex(@"\[ALERT\]\s+\(\d+\) : (?<text>.+)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Alert();
}
