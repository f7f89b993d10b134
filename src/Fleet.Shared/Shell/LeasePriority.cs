using System.Globalization;
using System.Runtime.InteropServices;

namespace Fleet.Shared.Shell;

/// <summary>What the system allowed.</summary>
public enum PriorityGrant
{
    /// <summary>Threads run as they were started.</summary>
    None,

    /// <summary>Nice is below 0: more of the processor than others, and no promise of when.</summary>
    Nice,

    /// <summary>SCHED_RR (sched(7)): runs as soon as it can, before everything that has no such priority.</summary>
    RealTime,
}

/// <summary>
/// The priority of threads that a lease depends on. A lease of 400 ms that is renewed every 50 ms must not wait for its turn among busy processes:
/// beside ten busy loops per core a thread waited up to 360 ms, even with nice -15, but only half a millisecond with SCHED_RR. On Linux both are set
/// per thread; .NET's own Thread.Priority does nothing there.
/// </summary>
public static partial class LeasePriority
{
    /// <summary>The lowest of the real-time priorities is above everything that has none.</summary>
    private const int RealTimePriority = 1;

    private const int Nice = -10;
    private const int OomScore = -500;
    private const int PolicyOther = 0;
    private const int PolicyRoundRobin = 2;
    private const int OfThread = 0;
    private const string Threads = "/proc/self/task";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The runtime's threads that carry timers, sockets and continuations, as the kernel names them. The others (DNS over UDP, compiler, finalizer)
    /// serve strangers or can wait.
    /// </summary>
    private static readonly string[] Carriers = [".NET TP Worker", ".NET TP Gate", ".NET Sockets", ".NET Timer"];

    /// <summary>Raises the calling thread, as far as the system allows.</summary>
    public static PriorityGrant RaiseThread() => OperatingSystem.IsLinux() ? Raise(0) : PriorityGrant.None;

    /// <summary>Takes from the calling thread the real-time priority that it inherited from the thread that started it.</summary>
    public static void LowerThread()
    {
        if (OperatingSystem.IsLinux())
            Prefer(0);
    }

    /// <summary>
    /// Gives all threads of this process, and those they start, an advantage but no real-time priority: a parent's priority is inherited, and a
    /// process that carries other people's traffic must not keep everybody else from the processor.
    /// </summary>
    public static PriorityGrant PreferProcess()
    {
        if (!OperatingSystem.IsLinux())
            return PriorityGrant.None;
        ExemptFromOom();
        var granted = true;
        foreach (var thread in ThreadIds())
        {
            granted &= Prefer(thread);
        }

        return granted ? PriorityGrant.Nice : PriorityGrant.None;
    }

    /// <summary>Keeps this process's carriers raised, including those that the runtime adds later, until it is cancelled.</summary>
    /// <param name="granted">Called once, with a sentence on what the system allows.</param>
    public static async Task KeepAsync(Action<string> granted, TimeProvider time, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
            return;
        ExemptFromOom();
        var threads = new NamedThreads();
        granted(Sentence(RaiseNew(threads)));
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                RaiseNew(threads);
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <summary>Getting no priority is worth a look, but is no fault: most machines have time to spare.</summary>
    private static string Sentence(PriorityGrant grant) => grant == PriorityGrant.RealTime
        ? "Threads that leases hang on run with real-time priority"
        : $"The system grants {(grant == PriorityGrant.Nice ? "nice -10 and no real-time priority" : "no priority")}: leases may end on a machine "
            + $"without spare time. "
            + "The units in infra/systemd ask for more (LimitRTPRIO, LimitNICE, CAP_SYS_NICE)";

    private static PriorityGrant RaiseNew(NamedThreads threads)
    {
        var grant = PriorityGrant.RealTime;
        foreach (var (thread, name) in threads.New(ThreadIds().ToDictionary(thread => thread, NameOf)))
        {
            if (Carriers.Contains(name))
                grant = (PriorityGrant)Math.Min((int)grant, (int)Raise(thread));
            else
                Prefer(thread);
        }

        return grant;
    }

    private static PriorityGrant Raise(int thread) =>
        SetPolicy(thread, PolicyRoundRobin, new SchedulingParameter { Priority = RealTimePriority }) == 0 ? PriorityGrant.RealTime
        : SetNice(OfThread, thread, Nice) == 0 ? PriorityGrant.Nice
        : PriorityGrant.None;

    /// <summary>
    /// Gives the thread no real-time priority, which it may have inherited, but does not put it behind everybody either: a garbage collection waits
    /// for every thread that was interrupted while it worked, and all others wait for the collection.
    /// </summary>
    private static bool Prefer(int thread)
    {
        SetPolicy(thread, PolicyOther, new SchedulingParameter());
        return SetNice(OfThread, thread, Nice) == 0;
    }

    /// <summary>A host without memory should end something else first. This needs a privilege; without it everything stays as it is.</summary>
    private static void ExemptFromOom()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", OomScore.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not allowed.
        }
    }

    private static IEnumerable<int> ThreadIds() =>
        Directory.GetDirectories(Threads).Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture));

    private static string NameOf(int thread)
    {
        try
        {
            return File.ReadAllText($"{Threads}/{thread.ToString(CultureInfo.InvariantCulture)}/comm").TrimEnd('\n');
        }
        catch (IOException)
        {
            return ""; // It has ended.
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPolicy(int thread, int policy, in SchedulingParameter parameter);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNice(int which, int thread, int nice);

    /// <summary>struct sched_param.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingParameter
    {
        public int Priority;
    }
}
