using System.Globalization;

namespace Fleet.Demo.Servers;

/// <summary>Which processes have been started by which, as /proc has it.</summary>
internal static class ProcessTree
{
    /// <summary>All below one: children before their own children.</summary>
    public static IReadOnlyList<int> Below(int pid)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var one) ? one : 0)
            .Where(one => one > 0)
            .Select(one => (Pid: one, Stat: Stat(one)))
            .Where(one => one.Stat is not null)
            .ToLookup(one => int.Parse(one.Stat![1], CultureInfo.InvariantCulture), one => one.Pid);
        var below = new List<int>();
        for (var (next, done) = (parents[pid].ToList(), 0); next.Count > done; done++)
        {
            below.Add(next[done]);
            next.AddRange(parents[next[done]]);
        }

        return below;
    }

    /// <summary>False also for one that is dead and that its parent has not asked about.</summary>
    public static bool IsAlive(int pid) => Stat(pid) is { } stat && stat[0] is not ("Z" or "X");

    /// <summary>State, parent and so on: what comes after the name, which may hold anything.</summary>
    private static string[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
