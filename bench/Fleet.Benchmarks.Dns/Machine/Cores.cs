using System.Globalization;
using System.Runtime.InteropServices;

namespace Fleet.Benchmarks.Dns.Machine;

/// <summary>Which core runs what: the server one, everything of this program the other.</summary>
public static unsafe partial class Cores
{
    public const int OfServer = 0;
    public const int OfGenerator = 1;
    private const string AutoGroup = "/proc/self/autogroup";

    /// <summary>Moves every thread of this process to the generator's core; threads and children made later follow.</summary>
    /// <exception cref="InvalidOperationException">There is no second core to go to.</exception>
    public static void TakeGenerators()
    {
        var mask = 1UL << OfGenerator;
        foreach (var thread in Directory.GetDirectories("/proc/self/task").Select(Path.GetFileName))
        {
            if (SetAffinity(int.Parse(thread!, CultureInfo.InvariantCulture), sizeof(ulong), &mask) != 0
                && Directory.Exists($"/proc/self/task/{thread}"))
                throw new InvalidOperationException("this benchmark needs two cores, one for the server and one for the generator");
        }
    }

    /// <summary>Moves the calling thread, and those it makes from now on.</summary>
    public static void TakeForThisThread(int core)
    {
        var mask = 1UL << core;
        _ = SetAffinity(0, sizeof(ulong), &mask);
    }

    /// <summary>
    /// Gives all threads of this process, and what it starts from now on, the highest priority but one that is not real-time; and to the group that
    /// the scheduler counts this session as, where it does so (autogroups), for without that it is a priority within the session.
    /// </summary>
    /// <exception cref="InvalidOperationException">Only root may.</exception>
    public static void GoFirst()
    {
        foreach (var thread in Directory.GetDirectories("/proc/self/task").Select(Path.GetFileName))
        {
            if (SetPriority(0, int.Parse(thread!, CultureInfo.InvariantCulture), -19) != 0)
                throw new InvalidOperationException("--priority is for root");
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => SetGroup(0); // the session outlives this process
        SetGroup(-19);
    }

    private static void SetGroup(int nice)
    {
        if (File.Exists(AutoGroup))
            File.WriteAllText(AutoGroup, nice.ToString(CultureInfo.InvariantCulture));
    }

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int thread, int nice);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);
}
