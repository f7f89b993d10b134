using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Fleet.Tidy.Tests;

/// <summary>Who may know whom.</summary>
public static partial class ReferenceRules
{
    private const string Shared = "Fleet.Shared";
    private const string Placement = "Fleet.Placement";
    private const string Http = "Fleet.Http";
    private const string Postgres = "Fleet.Postgres";
    private const string Demo = "Fleet.Demo";

    /// <summary>
    /// Programs know Shared, those that plan know Placement, those that listen know Http, those that use a database know Postgres, and nobody else;
    /// the lab knows the demo, whose clients and processes it uses; these know Shared; Shared knows nobody. Of the tests only the simulation sees
    /// both coordinator and node.
    /// </summary>
    public static IEnumerable<string> Projects(HouseFile project)
    {
        var name = Path.GetFileNameWithoutExtension(project.Path);
        var known = XDocument.Parse(project.Text).Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(((string?)reference.Attribute("Include") ?? "").Replace('\\', '/')))
            .ToArray();
        if (project.Path.StartsWith("src/", StringComparison.Ordinal))
        {
            foreach (var stranger in known.Where(other => !MayKnow(name, other)))
                yield return $"{project.Path}: {name} must not know {stranger}";
        }
        else if (name != "Fleet.Simulation" && known.Contains("Fleet.Coordinator") && known.Contains("Fleet.Node"))
        {
            yield return $"{project.Path}: only the simulation sees both coordinator and node";
        }
    }

    /// <summary><c>dotnet publish</c> leaves out what is private to a project, unless told not to: the program fails where it is used.</summary>
    public static IEnumerable<string> PrivatePackages(HouseFile project) => XDocument.Parse(project.Text).Descendants("PackageReference")
        .Where(package => project.Path.StartsWith("src/", StringComparison.Ordinal)
            && (string?)package.Attribute("PrivateAssets") == "all"
            && (string?)package.Attribute("Publish") != "true")
        .Select(package => $"{project.Path}: {(string?)package.Attribute("Include")} is private and has no Publish=\"true\"");

    private static bool MayKnow(string name, string other) => other switch
    {
        Shared => name != Shared,
        Placement => name is "Fleet.Coordinator" or "Fleet.Cli",
        Http => name is "Fleet.Coordinator" or "Fleet.Node",
        Postgres => name is "Fleet.Coordinator" or "Fleet.Cli",
        Demo => name is "Fleet.Lab",
        _ => false,
    };

    /// <summary>The folders where the banned-API analyser is on, as .editorconfig lists them: what is pure there is pure here.</summary>
    public static IReadOnlyList<(string Folder, bool IsPure)> PureFolders(string editorconfig)
    {
        var folders = new List<(string, bool)>();
        var section = "";
        foreach (var line in editorconfig.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
                section = line.Trim('[', ']');
            else if (line.StartsWith("dotnet_diagnostic.RS0030.severity", StringComparison.Ordinal)
                && section.EndsWith("/**.cs", StringComparison.Ordinal))
                folders.AddRange(Expand(section[..^"/**.cs".Length]).Select(folder => (folder, line.EndsWith("error", StringComparison.Ordinal))));
        }

        return folders;
    }

    /// <summary>Pure code imports pure namespaces, and no framework that talks to the world.</summary>
    public static IEnumerable<string> Imports(HouseFile file, IReadOnlyList<(string Folder, bool IsPure)> folders) =>
        IsPure(file.Path, folders)
            ? Using().Matches(file.Code)
                .Where(match => !MayImport(match.Groups[1].Value, folders))
                .Select(match => file.At(match.Index, $"pure code imports {match.Groups[1].Value}"))
            : [];

    /// <summary>What judges placements shares nothing with what makes them, or both could be wrong in the same way.</summary>
    public static IEnumerable<string> ProofKnowsThePlanner(HouseFile file) =>
        file.Path.StartsWith("src/Fleet.Placement/Proof/", StringComparison.Ordinal)
            ? PlanningName().Matches(file.Code).Select(match => file.At(match.Index, "the proof must not know the planner"))
            : [];

    private static bool MayImport(string name, IReadOnlyList<(string Folder, bool IsPure)> folders)
    {
        if (name.StartsWith("Fleet.", StringComparison.Ordinal))
            return IsPure(
                folders
                    .Select(f => f.Folder)
                    .OrderByDescending(f => f.Length)
                    .FirstOrDefault(f => $"{name}.".StartsWith($"{NamespaceOf(f)}.", StringComparison.Ordinal)),
                folders);
        return name.StartsWith("System", StringComparison.Ordinal)
            && name is not ("System.IO" or "System.Net.Http" or "System.Threading" or "System.Threading.Tasks" or "System.Threading.Channels");
    }

    /// <summary>The longest folder that holds the path decides.</summary>
    private static bool IsPure(string? path, IReadOnlyList<(string Folder, bool IsPure)> folders) =>
        path is not null
            && folders
                .Where(f => $"{path}/".StartsWith($"{f.Folder}/", StringComparison.Ordinal))
                .OrderByDescending(f => f.Folder.Length)
                .FirstOrDefault().IsPure;

    private static string NamespaceOf(string folder) => folder["src/".Length..].Replace('/', '.');

    private static IEnumerable<string> Expand(string pattern)
    {
        var braces = Braces().Match(pattern);
        return braces.Success ? braces.Groups[1].Value.Split(',').Select(choice => pattern.Replace(braces.Value, choice)) : [pattern];
    }

    [GeneratedRegex(@"^using\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"\b(Placement\s*\.\s*)?Planning\s*[.;]")]
    private static partial Regex PlanningName();

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex Braces();
}
