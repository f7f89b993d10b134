using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>What no C# file does. Each rule returns one line per offence, <c>file:line: what</c>.</summary>
public static partial class SourceRules
{
    public const int FileLinesMax = 300;
    public const int FunctionLinesMax = 60;
    public const int ColumnsMax = 150;

    private static readonly (Regex Pattern, string Instead)[] Words =
    [
        (AsyncVoid(), "return a Task"),
        (Sleep(), "await Task.Delay, or wait for what is awaited"),
        (WallClock(), "take a TimeProvider, or the time, as a parameter"),
        (ForgottenTask(), "keep the task, or await it"),
        (Region(), "make a file of it"),
        (Pragma(), "mend it, or give the rule its reason in .editorconfig"),
        (NotImplemented(), "write it, or leave it out"),
        (Configure(), "nobody awaits us on a UI thread"),
    ];

    public static IEnumerable<string> Length(HouseFile file)
    {
        var lines = file.Text.AsSpan().Count('\n');
        if (lines > FileLinesMax)
            yield return $"{file.Path}: {lines} lines, at most {FileLinesMax}";
    }

    public static IEnumerable<string> LineWidth(HouseFile file) =>
        from line in file.Text.Split('\n').Select((text, number) => (Text: text, Number: number + 1))
        where line.Text.Length > ColumnsMax
        select $"{file.Path}:{line.Number}: {line.Text.Length} columns, at most {ColumnsMax}";

    public static IEnumerable<string> FunctionLength(HouseFile file) =>
        from member in Members.Find(file.Code)
        let lines = file.Code.AsSpan(member.Start, member.End - member.Start).Count('\n') + 1
        where member.IsFunction && lines > FunctionLinesMax
        select file.At(member.Start, $"a function of {lines} lines, at most {FunctionLinesMax}");

    /// <summary>A file that declares no type, such as the statements of a program, needs no namespace.</summary>
    public static IEnumerable<string> Namespace(HouseFile file)
    {
        var expected = string.Join('.', file.Folder.Split('/').Skip(1));
        var declared = NamespaceLine().Match(file.Code);
        if (declared.Success ? declared.Groups[1].Value != expected : AnyType().IsMatch(file.Code))
            yield return $"{file.Path}: the namespace is {(declared.Success ? declared.Groups[1].Value : "missing")}, the folder says {expected}";
    }

    public static IEnumerable<string> TypeNames(HouseFile file) =>
        VagueType().Matches(file.Code).Select(match => file.At(match.Index, $"{match.Groups[1].Value} says nothing: name what it is"));

    public static IEnumerable<string> ForbiddenWords(HouseFile file) =>
        Words.SelectMany(word =>
            word.Pattern.Matches(file.Code).Select(match => file.At(match.Index + match.Length - 1, $"{match.Value.Trim()}: {word.Instead}")));

    /// <summary>Types inside another are the cases of a family, or its affair.</summary>
    public static IEnumerable<string> DocComments(HouseFile file) =>
        PublicType().Matches(file.Code)
            .Where(match => !IsDocumented(file.Text[..match.Index]))
            .Select(match => file.At(match.Index, $"{match.Groups[1].Value} has no doc comment"));

    /// <summary>Attributes may stand between the comment and the type; an empty line may not.</summary>
    private static bool IsDocumented(string before) =>
        before.Split('\n').Reverse().Skip(1).TakeWhile(line => line.Trim().Length > 0).Any(line => line.StartsWith("///", StringComparison.Ordinal));

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\s*\.\s*(UtcNow|Now|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"([;{})]|\b_\s*=|\belse)\s*Task\s*\.\s*(Run|Factory\s*\.\s*StartNew)\b")]
    private static partial Regex ForgottenTask();

    [GeneratedRegex(@"#region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"#pragma\s+warning\s+disable\b")]
    private static partial Regex Pragma();

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex NotImplemented();

    [GeneratedRegex(@"\bConfigureAwait\s*\(\s*(true|false)\b")]
    private static partial Regex Configure();

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+\w")]
    private static partial Regex AnyType();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+(\w*(?:Manager|Helper|Utils|Common)\w*)")]
    private static partial Regex VagueType();

    [GeneratedRegex(@"^public\s+(?:[a-z]+\s+)*?(?:class|record\s+struct|record|struct|interface|enum|delegate)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
