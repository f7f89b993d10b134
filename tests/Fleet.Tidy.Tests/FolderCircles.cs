using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>
/// Which folder of a project uses which: by what its files import, by types of the folders above it, which need no import, and by names such as
/// <c>Zones.Mixing</c>. A folder that uses itself by way of others is a circle: neither can be read, or changed, without the other.
/// </summary>
public static partial class FolderCircles
{
    /// <summary>One line for each circle, as the files that close it: <c>a/B.cs uses c, d/E.cs uses a</c>.</summary>
    public static IEnumerable<string> Find(IEnumerable<HouseFile> files) =>
        files.GroupBy(file => string.Join('/', file.Path.Split('/').Take(2))).SelectMany(project => InProject([.. project]));

    private static IEnumerable<string> InProject(HouseFile[] files)
    {
        var declared = files.ToLookup(file => file.Folder, file => TypeName().Matches(file.Code).Select(match => match.Groups[1].Value))
            .ToDictionary(folder => folder.Key, folder => folder.SelectMany(names => names).ToHashSet(StringComparer.Ordinal));
        var uses = files.SelectMany(file => Used(file, declared).Select(to => (From: file.Folder, To: to, By: file.Path)))
            .GroupBy(use => (use.From, use.To))
            .ToDictionary(edge => edge.Key, edge => edge.Min(use => use.By)!);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (from, to) in uses.Keys.Order())
        {
            if (Way(to, from, uses) is not { } back || !seen.Add(string.Join(' ', back.Append(from).Distinct().Order(StringComparer.Ordinal))))
                continue;
            string[] circle = [from, .. back];
            yield return string.Join(", ", circle.Zip(circle.Skip(1), (a, b) => $"{uses[(a, b)]} uses {b}"));
        }
    }

    /// <summary>Other folders of its project that the file uses.</summary>
    private static HashSet<string> Used(HouseFile file, Dictionary<string, HashSet<string>> declared)
    {
        var names = Word().Matches(file.Code).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        names.ExceptWith(OwnType().Matches(file.Code).Select(match => match.Groups[1].Value));
        var imports = Import().Matches(file.Code).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var qualified = Qualified().Matches(file.Code).Select(match => (Last: match.Groups[1].Value, Type: match.Groups[2].Value)).ToHashSet();
        return
        [
            .. from folder in declared
               where folder.Key != file.Folder
               where imports.Contains(NamespaceOf(folder.Key))
                   || (file.Folder.StartsWith(folder.Key + '/', StringComparison.Ordinal) && folder.Value.Overlaps(names))
                   || qualified.Any(name => folder.Key.EndsWith('/' + name.Last, StringComparison.Ordinal) && folder.Value.Contains(name.Type))
               select folder.Key,
        ];
    }

    /// <summary>The shortest way from one folder to another, both included; null where there is none.</summary>
    private static string[]? Way(string from, string to, Dictionary<(string From, string To), string> uses)
    {
        var waysTo = new Dictionary<string, string[]>(StringComparer.Ordinal) { [from] = [from] };
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var at))
        {
            if (at == to)
                return waysTo[at];
            var nexts = uses.Keys.Where(use => use.From == at && !waysTo.ContainsKey(use.To)).Select(use => use.To).Order(StringComparer.Ordinal);
            foreach (var next in nexts.ToArray())
            {
                waysTo[next] = [.. waysTo[at], next];
                open.Enqueue(next);
            }
        }

        return null;
    }

    private static string NamespaceOf(string folder) => string.Join('.', folder.Split('/').Skip(1));

    /// <summary>Types inside others are not seen by folders below.</summary>
    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|record|interface|enum|delegate\s+\S+)\s+"
            + @"(?:struct\s+|class\s+)?([A-Z]\w*)",
        RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+([A-Z]\w*)")]
    private static partial Regex OwnType();

    [GeneratedRegex(@"^using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b([A-Z]\w*)\.([A-Z]\w*)\b")]
    private static partial Regex Qualified();
}
