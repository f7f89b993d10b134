using System.Globalization;
using Fleet.Benchmarks.Storm.Judging;

namespace Fleet.Benchmarks.Storm.World;

/// <summary>Reads <c>/proc</c> (proc(5)).</summary>
internal static class ProcessFiles
{
    /// <summary>Processes with this word among their arguments: a path that nobody else has.</summary>
    public static IEnumerable<int> WithArgument(string word)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && HasArgument(pid, word))
                yield return pid;
        }
    }

    public static bool HasArgument(int pid, string word) => Read($"/proc/{pid}/cmdline", text => text.Split('\0').Contains(word), false);

    /// <summary>Null when it has ended.</summary>
    public static ProcessLook? Look(string role, int pid)
    {
        var status = Read($"/proc/{pid}/status", text => text, "");
        try
        {
            var files = Directory.GetFiles($"/proc/{pid}/fd");
            var sockets = files.Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
            return Field(status, "VmRSS:") is { } rss && Field(status, "Threads:") is { } threads
                ? new ProcessLook(role, pid, rss, (int)threads, files.Length, sockets)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Field(string status, string name)
    {
        var line = status.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var text = line?[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static T Read<T>(string path, Func<string, T> read, T otherwise)
    {
        try
        {
            return read(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return otherwise;
        }
    }
}
