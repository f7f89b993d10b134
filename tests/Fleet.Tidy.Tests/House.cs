namespace Fleet.Tidy.Tests;

/// <summary>One text file of the checkout.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
public sealed record HouseFile(string Path, string Text)
{
    private string? _code;

    /// <summary>Of a C# file: its text with comments, strings and characters blanked out, line by line as before.</summary>
    public string Code => _code ??= CodeOnly.Strip(Text);

    public string Folder => Path.Contains('/') ? Path[..Path.LastIndexOf('/')] : "";

    public string At(int offset, string found) => $"{Path}:{Text.AsSpan(0, offset).Count('\n') + 1}: {found}";
}

/// <summary>The files that people of this project write.</summary>
public static class House
{
    private static readonly string[] NotOurs = ["artifacts", ".git", "bin", "obj", "node_modules", "data", ".vs", ".idea", "TestResults"];
    private static readonly string[] TextEndings =
    [
        ".cs",
        ".csproj",
        ".props",
        ".md",
        ".conf",
        ".json",
        ".story",
        ".sh",
        ".yml",
        ".sql",
        ".js",
        ".css",
        ".html",
        ".txt",
        ".editorconfig",
    ];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<HouseFile> Files { get; } =
        [
            .. Walk(new DirectoryInfo(Root))
                .OrderBy(file => file, StringComparer.Ordinal)
                .Select(file => new HouseFile(Path.GetRelativePath(Root, file).Replace('\\', '/'), File.ReadAllText(file))),
        ];

    public static IEnumerable<HouseFile> Sources => Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static HouseFile? Find(string path) => Files.FirstOrDefault(file => file.Path == path);

    private static IEnumerable<string> Walk(DirectoryInfo folder) =>
        folder.EnumerateDirectories().Where(child => !NotOurs.Contains(child.Name)).SelectMany(Walk)
            .Concat(folder.EnumerateFiles().Where(IsText).Select(file => file.FullName));

    private static bool IsText(FileInfo file) =>
        TextEndings.Contains(file.Extension)
            || (file.Extension.Length == 0 && file.Length < 200_000 && !File.ReadAllBytes(file.FullName).Contains((byte)0));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Fleet.sln is not above the tests.");
    }
}
