using System.Globalization;

namespace Fleet.Http;

/// <summary>
/// How many files, and so connections, this process may have open (RLIMIT_NOFILE, which .NET raises to the hard limit at its start).
/// </summary>
public static class OpenFiles
{
    /// <summary>For libraries, the journal, pipes and the listeners.</summary>
    private const int Reserve = 256;

    /// <summary>How many connections of each of two kinds can be open.</summary>
    public static int HalfFor(int wanted) => HalfFor(wanted, Max());

    internal static int HalfFor(int wanted, long files) => (int)Math.Clamp((files - Reserve) / 2, 16, Math.Max(16, wanted));

    private static long Max()
    {
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        return long.TryParse(
            line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var soft)
            ? soft
            : int.MaxValue;
    }
}
