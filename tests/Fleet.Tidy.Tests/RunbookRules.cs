using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>What docs/RUNBOOK.md says is seen is seen by a test.</summary>
public static partial class RunbookRules
{
    /// <summary>Messages, <c>```seen NAME</c>, that no test holds against what a program says: <c>Runbook.Shows("NAME", ...)</c>.</summary>
    public static IEnumerable<string> Untested(HouseFile runbook, IEnumerable<HouseFile> sources)
    {
        var shown = sources.SelectMany(source => Shows().Matches(source.Text)).Select(match => match.Groups["name"].Value).ToHashSet();
        return Seen().Matches(runbook.Text)
            .Where(match => !shown.Contains(match.Groups["name"].Value))
            .Select(match => runbook.At(match.Index, $"no test shows {match.Groups["name"].Value}"));
    }

    [GeneratedRegex("^```seen (?<name>.*)$", RegexOptions.Multiline)]
    private static partial Regex Seen();

    [GeneratedRegex(@"Runbook\.Shows\(\s*""(?<name>[^""]+)""")]
    private static partial Regex Shows();
}
