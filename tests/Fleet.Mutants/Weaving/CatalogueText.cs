using System.Text.RegularExpressions;

namespace Fleet.Mutants.Weaving;

/// <summary>
/// Reads a file of the catalogue: entries of <c>key value</c> lines, each begun by <c>mutant ID</c>. A line that begins with blanks goes on with the
/// value above it, and one that begins with <c>#</c> is for people.
/// </summary>
public static partial class CatalogueText
{
    private static readonly string[] Required = ["why", "file", "find", "with"];

    /// <exception cref="MutantsException">It names the file, the line and the entry.</exception>
    public static IReadOnlyList<Mutant> Read(string file, string text)
    {
        var mutants = new List<Mutant>();
        var entry = new Dictionary<string, string>();
        var (begun, last) = (0, "");
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == ' ')
            {
                entry[last] = entry.TryGetValue(last, out var above)
                    ? $"{above}\n{line.Trim()}"
                    : throw Wrong(file, i, "a line that goes on with nothing");
                continue;
            }

            var (key, value) = line.IndexOf(' ') is > 0 and var blank ? (line[..blank], line[blank..].Trim()) : (line, "");
            if (key == "mutant")
            {
                End();
                begun = i;
            }
            else if (entry.Count == 0 || (key != "tests" && !Required.Contains(key)))
            {
                throw Wrong(file, i, $"'{key}' where 'mutant', {string.Join(", ", Required)} or tests is expected");
            }

            if (!entry.TryAdd(key, value))
                throw Wrong(file, i, $"'{key}' twice in one entry");
            last = key;
        }

        End();
        return mutants;

        void End()
        {
            if (entry.Count > 0)
                mutants.Add(Made(file, begun, entry));
            entry.Clear();
        }
    }

    private static Mutant Made(string file, int line, Dictionary<string, string> entry)
    {
        var id = entry["mutant"];
        if (!KebabCase().IsMatch(id))
            throw Wrong(file, line, $"the id '{id}', which is not in kebab-case");
        if (Required.FirstOrDefault(key => entry.GetValueOrDefault(key, "").Length == 0) is { } missing)
            throw Wrong(file, line, $"{id} without '{missing}'");
        if (!Switched().IsMatch(entry["with"]))
            throw Wrong(file, line, $"{id}, whose 'with' has no MUTANT");
        var tests = entry.GetValueOrDefault("tests", "").Split([' ', ',', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return new Mutant(id, Regex.Replace(entry["why"], @"\s+", " "), entry["file"], entry["find"], entry["with"], tests, $"{file}:{line + 1}");
    }

    private static MutantsException Wrong(string file, int line, string what) => new($"{file}:{line + 1}: found {what}.");

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex KebabCase();

    [GeneratedRegex(@"\bMUTANT\b")]
    private static partial Regex Switched();
}
