using System.IO.Enumeration;

namespace Fleet.Benchmarks.Dns.Servers;

/// <summary>
/// Looks for a server's module in the folders that distributions put libraries in. Links to folders are not followed and depth is bounded: /usr/lib
/// may hold a link to a folder above it, as llvm's packages do, and a search that follows it never ends.
/// </summary>
public static class ModuleFile
{
    /// <summary>Debian has /usr/lib/TRIPLET/knot/modules-3.2/geoip.so.</summary>
    private const int DepthMax = 4;

    private static readonly string[] Libraries = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];

    /// <summary>The first file of that name below a folder of one of these names; null when there is none.</summary>
    /// <param name="owner">A part of the path that says whose it is, such as <c>knot</c>.</param>
    public static string? Find(string name, string owner, params string[] roots) => (roots.Length > 0 ? roots : Libraries)
        .Where(Directory.Exists)
        .SelectMany(root => Below(root, name))
        .Where(path => path.Contains(owner, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .FirstOrDefault();

    private static FileSystemEnumerable<string> Below(string root, string name) => new(
        root,
        (ref FileSystemEntry entry) => entry.ToFullPath(),
        new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            MaxRecursionDepth = DepthMax,
            AttributesToSkip = FileAttributes.None,
        })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName.SequenceEqual(name),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    };
}
