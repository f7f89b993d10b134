using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Shouldly;

namespace Fleet.Testing;

/// <summary>
/// <c>docs/RUNBOOK.md</c>: what people see when something fails. Each message there is a block of its own, <c>```seen NAME</c>. A test that makes the
/// message appear holds it against the block, so the document cannot say what is not seen.
/// </summary>
public static partial class Runbook
{
    /// <summary>Fails when <paramref name="text"/>, which a program has said, does not hold the message of that name.</summary>
    /// <param name="name">The block's name. <c>&lt;words&gt;</c> in it stand for what differs from time to time, and line ends for spaces.</param>
    public static void Shows(string name, string text, [CallerFilePath] string testFile = "")
    {
        var message = Message(name, File.ReadAllText(Path.Combine(Root(testFile), "docs", "RUNBOOK.md")));
        Holds(message, text).ShouldBeTrue($"docs/RUNBOOK.md, {name}:\n{message}\nis not what was seen:\n{text}");
    }

    /// <summary>The block of that name.</summary>
    public static string Message(string name, string document)
    {
        var found = Block().Matches(document).Where(block => block.Groups["name"].Value == name).ToArray();
        found.Length.ShouldBe(1, $"docs/RUNBOOK.md has {found.Length} messages that are called {name}.");
        return found[0].Groups["message"].Value.Trim();
    }

    /// <summary>Whether the message is somewhere in the text, whatever stands in its gaps.</summary>
    public static bool Holds(string message, string text)
    {
        var pattern = string.Join(@"\s+", Words().Split(message.Trim()).Select(PatternOf));
        return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
    }

    private static string PatternOf(string word) => string.Join(".+?", Gap().Split(word).Select(Regex.Escape));

    private static string Root(string testFile)
    {
        for (var folder = Path.GetDirectoryName(testFile); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Fleet.sln")))
                return folder;
        throw new InvalidOperationException($"{testFile} is in no checkout.");
    }

    [GeneratedRegex("^```seen (?<name>[a-z0-9-]+)\n(?<message>.+?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, 5000)]
    private static partial Regex Block();

    /// <summary>Spaces that are not inside a gap.</summary>
    [GeneratedRegex(@"\s+(?![^<>]*>)", RegexOptions.None, 5000)]
    private static partial Regex Words();

    [GeneratedRegex("<[^<>]+>", RegexOptions.None, 5000)]
    private static partial Regex Gap();
}
