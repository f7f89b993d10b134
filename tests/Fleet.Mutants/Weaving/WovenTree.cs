namespace Fleet.Mutants.Weaving;

/// <summary>
/// The copy of the checkout that is built with the mutants in it. Files that are as they should be are left alone, so that the next build is short.
/// </summary>
public static class WovenTree
{
    /// <summary>The environment variable with the number of the mutant that is on.</summary>
    public const string Variable = "FLEET_MUTANT";

    private const string SwitchFile = "src/Fleet.Shared/Mutation/Switch.cs";

    private const string SwitchText = $$"""
        namespace Fleet.Mutation;

        public static class Switch
        {
            private static readonly int Number = int.TryParse(System.Environment.GetEnvironmentVariable("{{Variable}}"), out var number) ? number : 0;

            public static bool IsOn(int mutant) => mutant == Number;
        }

        """;

    private static readonly string[] Folders = ["src", "tests", "bench", "hocon", "infra", "docs"];
    private static readonly string[] NotOurs = ["bin", "obj", "artifacts"];

    public static void Write(Checkout from, IReadOnlyDictionary<string, string> woven)
    {
        var to = from.Woven;
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Files(from))
        {
            kept.Add(path);
            if (woven.TryGetValue(path, out var text))
                Put(to.At(path), System.Text.Encoding.UTF8.GetBytes(text));
            else
                Put(to.At(path), File.ReadAllBytes(from.At(path)));
        }

        Put(to.At(SwitchFile), System.Text.Encoding.UTF8.GetBytes(SwitchText));
        kept.Add(SwitchFile);
        foreach (var gone in Files(to).Where(path => !kept.Contains(path)).ToArray())
            File.Delete(to.At(gone));
    }

    private static IEnumerable<string> Files(Checkout checkout) => Directory.EnumerateFiles(checkout.Root)
        .Concat(Folders.Select(checkout.At).Where(Directory.Exists).SelectMany(Below))
        .Select(file => Path.GetRelativePath(checkout.Root, file).Replace('\\', '/'));

    private static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(child => !NotOurs.Contains(Path.GetFileName(child))).SelectMany(Below));

    private static void Put(string file, byte[] bytes)
    {
        if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }
}
