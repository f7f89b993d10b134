using System.Text.RegularExpressions;

namespace Fleet.Node.Tests.Gslb.World;

/// <summary>What dig, kdig or drill understood of a reply, from what they print.</summary>
/// <param name="Status">NOERROR and so on.</param>
/// <param name="Answers">Records of the answer section, one space between fields, names without their last dot, in order of text.</param>
/// <param name="Authority">The same of the authority section.</param>
/// <param name="Text">All of it.</param>
internal sealed partial record Reading(string Status, string[] Answers, string[] Authority, string Text)
{
    public static async Task<Reading> OfAsync(string program, params string[] arguments)
    {
        var text = await SystemProgram.RunAsync(program, arguments);
        return new Reading(StatusWord().Match(text).Groups["word"].Value, Section(text, "ANSWER"), Section(text, "AUTHORITY"), text);
    }

    /// <summary>A record as it is compared: fields apart by one space, no last dots, no quotes.</summary>
    public static string Plain(string record) =>
        string.Join(' ', record.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(field => field.TrimEnd('.')))
            .Replace("\"", "", StringComparison.Ordinal);

    /// <summary>All records printed, of whatever section.</summary>
    public string[] Records() =>
        [.. Text.Split('\n').Where(line => line.Length > 0 && line[0] != ';').Select(Plain).Order(StringComparer.Ordinal)];

    /// <summary>What they complain of, but for what must be: we do no recursion, and truncate.</summary>
    public string[] Warnings() =>
        [.. Text.Split('\n').Where(line => line.Contains("warning", StringComparison.OrdinalIgnoreCase))
            .Where(line =>
                !line.Contains("recursion requested but not available", StringComparison.Ordinal)
                    && !line.Contains("truncated reply", StringComparison.Ordinal))];

    private static string[] Section(string text, string name) =>
        [.. text.Split('\n').SkipWhile(line => !line.StartsWith($";; {name} SECTION:", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.Length > 0 && !line.StartsWith(";;", StringComparison.Ordinal)).Select(Plain).Order(StringComparer.Ordinal)];

    [GeneratedRegex("(status|rcode): (?<word>[A-Z]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex StatusWord();
}
