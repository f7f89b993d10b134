using System.Runtime.CompilerServices;

namespace Fleet.Shared.Tests.Hocon;

/// <summary>Test data lies beside the tests that read it, in the source tree.</summary>
internal static class TestFiles
{
    public static string Folder(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);

    public static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
