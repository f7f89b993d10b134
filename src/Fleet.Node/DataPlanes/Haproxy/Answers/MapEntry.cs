using System.Text.RegularExpressions;

namespace Fleet.Node.DataPlanes.Haproxy.Answers;

/// <summary>The answer to <c>get map</c>.</summary>
internal static partial class MapEntry
{
    /// <summary>Null where nothing was found.</summary>
    public static string? Value(string answer) => Found().Match(answer) is { Success: true } found ? found.Groups["value"].Value : null;

    [GeneratedRegex("found=yes.*value=\"(?<value>[^\"]*)\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Found();
}
