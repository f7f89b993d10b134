using System.Runtime.CompilerServices;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>Files of this checkout that users get as they are.</summary>
internal static class Checkout
{
    public static string File(string path, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", path));
}
