using System.Text.RegularExpressions;

namespace Fleet.Tidy.Tests;

/// <summary>
/// What the simulation runs as it is must be its: between two awaits such code stays on its caller's scheduler, and it has no clock, disk, thread or
/// chance but those it is given. What stands here for each is in src/Fleet.Shared/Shell.
/// </summary>
public static partial class SchedulerRules
{
    /// <summary>The folders that the simulation runs. Whoever makes another one run there adds it.</summary>
    public static readonly IReadOnlyList<string> Folders =
    [
        "src/Fleet.Coordinator/Backends",
        "src/Fleet.Coordinator/Commands",
        "src/Fleet.Coordinator/Control",
        "src/Fleet.Coordinator/Explanations",
        "src/Fleet.Coordinator/Journal",
        "src/Fleet.Coordinator/Core",
        "src/Fleet.Coordinator/Membership",
        "src/Fleet.Coordinator/Ownership",
        "src/Fleet.Coordinator/Plans",
        "src/Fleet.Coordinator/Sites",
        "src/Fleet.Coordinator/Standbys",
        "src/Fleet.Coordinator/State",
        "src/Fleet.Coordinator/Stores",
    ];

    /// <summary>
    /// The edges of these folders, where the real world is let in: real chance that is handed in, and what the host's console and threads are told.
    /// </summary>
    public static readonly IReadOnlyList<string> Edges =
    [
        "src/Fleet.Coordinator/Control/ConsoleLogs.cs",
        "src/Fleet.Coordinator/Control/FailureId.cs",
        "src/Fleet.Coordinator/Control/LeaderService.cs",
        "src/Fleet.Coordinator/Control/PriorityKeeper.cs",
    ];

    private static readonly (Regex Pattern, string Instead)[] Leaks =
    [
        (Pool(), "goes to the thread pool: await it here, or use IAside"),
        (LeftContext(), "leaves its caller's scheduler: add ContinueOnCapturedContext"),
        (ReadAll(), "leaves its caller's scheduler: use ChannelReading.EachAsync"),
        (Semaphore(), "leaves its caller's scheduler: use Turns"),
        (TaskWait(), "hops to the thread pool: register the cancellation with whatever completes the task"),
        (Blocking(), "blocks the one thread: await it"),
        (CancelAsync(), "runs its callbacks on the thread pool: use Cancel"),
        (SystemDeadline(), "counts on the system's clock: use Deadline"),
        (SystemDelay(), "counts on the system's clock: give it a TimeProvider"),
        (DelayAmongOthers(), "goes on in the thread pool: have a Deadline complete a TaskCompletionSource"),
        (SystemClock(), "is the system's clock: take a TimeProvider"),
        (Threads(), "is a thread that nobody simulates: use IAside"),
        (Disk(), "is the host's disk: use IDisk"),
        (Chance(), "is chance that no seed repeats: take it as a parameter"),
    ];

    public static bool IsRun(string path) => Folders.Any(folder => path.StartsWith(folder + '/', StringComparison.Ordinal)) && !Edges.Contains(path);

    public static IEnumerable<string> Stays(HouseFile file) => !IsRun(file.Path)
        ? []
        : Leaks.SelectMany(leak => leak.Pattern.Matches(file.Code).Select(match => file.At(match.Index, $"{match.Value.Trim()} {leak.Instead}")));

    [GeneratedRegex(@"\bTask\s*\.\s*(Run|Factory)\b|\bThreadPool\b|\bParallel\s*\.|\.\s*ContinueWith\s*\(|\bTaskScheduler\s*\.\s*Default\b")]
    private static partial Regex Pool();

    [GeneratedRegex(@"\.\s*ConfigureAwait\s*\((?![^()]*\bContinueOnCapturedContext\b)")]
    private static partial Regex LeftContext();

    [GeneratedRegex(@"\.\s*ReadAllAsync\b")]
    private static partial Regex ReadAll();

    [GeneratedRegex(@"\bSemaphoreSlim\b")]
    private static partial Regex Semaphore();

    [GeneratedRegex(@"\bWhenAny\s*\([^;]*\bTask\s*\.\s*Delay\b")]
    private static partial Regex DelayAmongOthers();

    [GeneratedRegex(@"\.\s*WaitAsync\s*\(")]
    private static partial Regex TaskWait();

    [GeneratedRegex(@"\.\s*GetAwaiter\s*\(\s*\)|\bTask\s*\.\s*Wait(All|Any)\b|\.\s*Wait\s*\(\s*\)|\bManualResetEvent(Slim)?\b|\bAutoResetEvent\b")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\.\s*CancelAsync\b")]
    private static partial Regex CancelAsync();

    /// <summary>CancelAfter keeps the clock of its source, which nobody can see at the call: Deadline has one that was given.</summary>
    [GeneratedRegex(@"\.\s*CancelAfter\b|\bnew\s+CancellationTokenSource\s*\(\s*[^\s),][^,()]*(\([^()]*\)[^,()]*)*\)")]
    private static partial Regex SystemDeadline();

    /// <summary>With a time and no clock; one argument, or a second that is a token.</summary>
    [GeneratedRegex(
        @"\bTask\s*\.\s*Delay\s*\(\s*(?:[^(),]|\([^()]*\))+(?:,\s*(?:[^(),]|\([^()]*\))+)?\)"
            + @"|\bnew\s+PeriodicTimer\s*\(\s*(?:[^(),]|\([^()]*\))+\)|\bnew\s+Timer\s*\(")]
    private static partial Regex SystemDelay();

    [GeneratedRegex(
        @"\bTimeProvider\s*\.\s*System\b|\bMonotonicClock\s*\.\s*System\b|\bStopwatch\b|\bEnvironment\s*\.\s*TickCount(64)?\b"
            + @"|\b(DateTime|DateTimeOffset)\s*\.\s*(UtcNow|Now|Today)\b")]
    private static partial Regex SystemClock();

    [GeneratedRegex(@"\bnew\s+Thread\s*\(|\bAsideThread\b|\bBackgroundService\b")]
    private static partial Regex Threads();

    [GeneratedRegex(
        @"(?<![.\w])(File|Directory|RandomAccess)\s*\.\s*\w+|\b(FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter|LocalDisk|FolderLock)\b")]
    private static partial Regex Disk();

    [GeneratedRegex(@"\bRandomNumberGenerator\b|\bRandom\s*\.\s*Shared\b|\bnew\s+Random\s*\(\s*\)|\bGuid\s*\.\s*NewGuid\b")]
    private static partial Regex Chance();
}
