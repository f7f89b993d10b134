using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>One step of a walk: a function that somebody who follows it reads.</summary>
public sealed record WalkStep(string File, string Function);

/// <summary>A way through the code, as docs/ARCHITECTURE.md tells it: from what happens to what comes of it.</summary>
public sealed record Walk(string Name, IReadOnlyList<WalkStep> Steps);

/// <summary>
/// Reads the walks and counts what they enter: the files of the steps, and of every function that a step's function calls.
/// </summary>
public static partial class Walks
{
    public const int StepsMax = 12;

    /// <summary>A section <c>## Walk: NAME</c> with a table whose last two columns are a file below src and a function.</summary>
    public static IReadOnlyList<Walk> Read(string document) =>
        [
            .. Section().Matches(document).Select(section => new Walk(
                section.Groups[1].Value,
                [.. Row().Matches(section.Groups[2].Value).Select(row => new WalkStep($"src/{row.Groups[1].Value}", row.Groups[2].Value))])),
        ];

    /// <summary>What is wrong with the walk: too long, or a file or function that is not there.</summary>
    public static IEnumerable<string> Mistakes(Walk walk, IReadOnlyDictionary<string, HouseFile> sources)
    {
        if (walk.Steps.Count is 0 or > StepsMax)
            yield return $"{walk.Name}: {walk.Steps.Count} steps, 1 to {StepsMax} are a walk";
        foreach (var step in walk.Steps)
        {
            if (!sources.TryGetValue(step.File, out var file))
                yield return $"{walk.Name}: there is no {step.File}";
            else if (Bodies(file, step.Function).Count == 0)
                yield return $"{walk.Name}: {step.File} has no function {step.Function}";
        }
    }

    /// <summary>The files that have a function of a name.</summary>
    public static ILookup<string, string> Functions(IReadOnlyDictionary<string, HouseFile> sources) =>
        sources.Values.SelectMany(file => NamesIn(file).Select(name => (Name: name, file.Path)))
            .ToLookup(function => function.Name, function => function.Path, StringComparer.Ordinal);

    /// <summary>The files that the walk enters, in order of their paths.</summary>
    /// <param name="functions">Of these sources.</param>
    public static IReadOnlyList<string> Entered(Walk walk, IReadOnlyDictionary<string, HouseFile> sources, ILookup<string, string> functions)
    {
        var entered = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var step in walk.Steps)
        {
            entered.Add(step.File);
            var calls = Bodies(sources[step.File], step.Function).SelectMany(body => Call().Matches(body));
            entered.UnionWith(calls.Select(call => Called(step.File, call.Groups[1].Value, call.Groups[2].Value, functions)).OfType<string>());
        }

        return [.. entered];
    }

    /// <summary>
    /// The file of a function that is called: of <c>Type.Function(</c> that type's; otherwise the only one of the project, or of Shared, that
    /// has a function of that name. A name that many have, such as Add, is a collection's.
    /// </summary>
    private static string? Called(string from, string type, string function, ILookup<string, string> functions)
    {
        var project = string.Join('/', from.Split('/').Take(2)) + '/';
        string[] near = [.. functions[function].Where(path => path.StartsWith(project, StringComparison.Ordinal))];
        string[] all = [.. near, .. functions[function].Where(path => path.StartsWith("src/Fleet.Shared/", StringComparison.Ordinal))];
        return all.FirstOrDefault(path => path.EndsWith($"/{type}.cs", StringComparison.Ordinal))
            ?? (near.Length == 1 ? near[0] : all.Length == 1 ? all[0] : null);
    }

    private static IEnumerable<string> NamesIn(HouseFile file) => Members.Find(file.Code)
        .Where(member => member.IsFunction)
        .Select(member => FunctionName().Match(file.Code[member.Start..member.End]).Groups[1].Value)
        .Where(name => name.Length > 0)
        .Distinct();

    private static List<string> Bodies(HouseFile file, string function) =>
        [
            .. from member in Members.Find(file.Code)
               where member.IsFunction
               let code = file.Code[member.Start..member.End]
               where FunctionName().Match(code).Groups[1].Value == function
               select code,
        ];

    [GeneratedRegex(@"^## Walk: (.+?)$(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\|.*\| `([\w./]+\.cs)` \| `(\w+)` \|\s*$", RegexOptions.Multiline)]
    private static partial Regex Row();

    /// <summary>Behind attributes the first name that has parameters; a tuple that is returned has parentheses and no name.</summary>
    [GeneratedRegex(@"^(?:\s*\[[^\]]*\])*[^={;]*?\b(?!(?:async|static|override|partial|unsafe|ref)\b)(\w+)\s*(?:<[^<>()]*>)?\(")]
    private static partial Regex FunctionName();

    /// <summary>What is made is data, and not entered.</summary>
    [GeneratedRegex(@"(?<!\bnew\s)(?:\b([A-Z]\w*)\.)?\b([A-Z]\w*)(?:<[^<>()]*>)?\(")]
    private static partial Regex Call();
}
