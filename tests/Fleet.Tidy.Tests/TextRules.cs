using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>What no text file holds. Each rule returns one line per offence.</summary>
public static partial class TextRules
{
    public static IEnumerable<string> Whitespace(HouseFile file) =>
        TrailingSpace().Matches(file.Text).Select(match => file.At(match.Index, "trailing space"))
            .Concat(TabStop().Matches(file.Text).Select(match => file.At(match.Index, "tab")));

    public static IEnumerable<string> LeftOver(HouseFile file) =>
        LeftOverWord().Matches(file.Text).Select(match => file.At(match.Index, $"{match.Value}: do it, or write it where work is planned"));

    public static IEnumerable<string> MachinePaths(HouseFile file) =>
        MachinePath().Matches(file.Text).Select(match => file.At(match.Index, $"{match.Value} is a path of one machine"));

    /// <summary>Links to files, seen from the document's folder; addresses and links within the page are not looked at.</summary>
    public static IEnumerable<string> Links(HouseFile file, Func<string, bool> exists) =>
        from match in Link().Matches(FencedBlock().Replace(file.Text, block => new string('\n', block.Value.Count(c => c == '\n'))))
        let target = match.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains(':') && !exists(Path.Combine(file.Folder, target))
        select $"{file.Path}: {target} does not exist";

    /// <summary>Verbs of the <c>fleet</c> script that a document names, and that are no case of the script.</summary>
    public static IEnumerable<string> Verbs(HouseFile document, string script) =>
        from match in FleetVerb().Matches(document.Text)
        let verb = match.Groups[1].Value
        where !Regex.IsMatch(script, $@"(^|[\s|(]){Regex.Escape(verb)}\s*(\|[^)\n]*)?\)", RegexOptions.Multiline)
        select document.At(match.Index, $"./fleet {verb} is no verb of the script");

    [GeneratedRegex(@"[ \t]+\r?$", RegexOptions.Multiline)]
    private static partial Regex TrailingSpace();

    [GeneratedRegex(@"\t")]
    private static partial Regex TabStop();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b")]
    private static partial Regex LeftOverWord();

    [GeneratedRegex(@"(?<![\w.*}/-])/(work|root)\b(?=/|\s|$|[""'`])")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencedBlock();

    [GeneratedRegex(@"\./fleet +([a-z][a-z-]*)")]
    private static partial Regex FleetVerb();
}
