using System.Runtime.CompilerServices;
using Shouldly;

namespace Fleet.Testing;

/// <summary>
/// Text that was looked at once and must stay: <c>golden/NAME</c> beside the test's source file. <c>FLEET_REWRITE_GOLDEN=1</c> writes what the code
/// produces now; the difference is then reviewed like any other.
/// </summary>
public static class Golden
{
    private static bool Rewrites => Environment.GetEnvironmentVariable("FLEET_REWRITE_GOLDEN") == "1";

    /// <summary>Fails, and shows both texts, when <paramref name="text"/> differs in anything but its line ends from the file.</summary>
    /// <param name="name">The file's name, with its ending, such as <c>node-list.txt</c>.</param>
    public static void Match(string name, string text, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile) ?? ".", "golden", name);
        var actual = WithUnixLines(text);
        if (Rewrites)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        File.Exists(path).ShouldBeTrue($"{path} is missing; FLEET_REWRITE_GOLDEN=1 writes it.");
        actual.ShouldBe(WithUnixLines(File.ReadAllText(path)), $"{path} says otherwise; FLEET_REWRITE_GOLDEN=1 rewrites it.");
    }

    private static string WithUnixLines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
