using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>What one program offers to the others: everything else is internal.</summary>
public static partial class PublicTypes
{
    /// <summary>Namespace and name of each public type of a file that stands in no other type, in the order of the file.</summary>
    public static IEnumerable<string> In(HouseFile file)
    {
        var room = Namespace().Match(file.Code).Groups["name"].Value;
        return Types().Matches(file.Code).Select(type => $"{room}.{type.Groups["name"].Value}");
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^public (?:[a-z]+ )*?(?:record struct|record|class|struct|interface|enum|delegate [\w<>\[\]?.]+) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Types();
}
