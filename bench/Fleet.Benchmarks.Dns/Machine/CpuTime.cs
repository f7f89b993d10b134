using System.Globalization;

namespace Fleet.Benchmarks.Dns.Machine;

/// <summary>What the scheduler has given the server and this process so far, summed over their threads, in seconds.</summary>
/// <param name="Server">CPU time of the server's processes, the kernel's work for them included.</param>
/// <param name="Waited">How long threads of the server were ready to run and did not, because somebody else did.</param>
/// <param name="OwnWaited">The same of this process.</param>
public readonly record struct CpuTime(double Server, double Waited, double OwnWaited)
{
    private const double NanosPerSecond = 1e9;

    /// <summary>
    /// Reads /proc/PID/task/TID/schedstat: the same clock that utime and stime are cut from, in nanoseconds instead of hundredths of a second.
    /// </summary>
    public static CpuTime Read(IReadOnlyCollection<int> server)
    {
        var (ran, waited) = (0L, 0L);
        foreach (var process in server)
        {
            var (ranHere, waitedHere) = OfProcess(process);
            (ran, waited) = (ran + ranHere, waited + waitedHere);
        }

        return new CpuTime(ran / NanosPerSecond, waited / NanosPerSecond, OfProcess(Environment.ProcessId).Waited / NanosPerSecond);
    }

    /// <summary>Process and all its descendants, as far as they are there now.</summary>
    public static int[] Family(int process)
    {
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .ToLookup(ParentOf);
        var family = new List<int> { process };
        for (var i = 0; i < family.Count; i++)
            family.AddRange(parents[family[i]]);
        return [.. family];
    }

    private static (long Ran, long Waited) OfProcess(int process)
    {
        var (ran, waited) = (0L, 0L);
        foreach (var thread in Threads(process))
        {
            var fields = Text($"{thread}/schedstat").Split(' ');
            if (fields.Length < 2)
                continue;
            ran += long.Parse(fields[0], CultureInfo.InvariantCulture);
            waited += long.Parse(fields[1], CultureInfo.InvariantCulture);
        }

        return (ran, waited);
    }

    private static string[] Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>The fourth field of /proc/PID/stat, counted behind the name, which may hold anything.</summary>
    private static int ParentOf(int process)
    {
        var stat = Text($"/proc/{process}/stat");
        return stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Empty where the process is gone.</summary>
    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
