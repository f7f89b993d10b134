using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Fleet.Benchmarks.Storm.Judging;

/// <summary>A process that ended.</summary>
/// <param name="WasTold">Killed, or told to end, by whoever runs the storm.</param>
public sealed record EndedProcess(string Name, int Pid, int ExitCode, bool WasTold);

/// <summary>Finds the ends that nobody asked for, and lines of logs that say that something broke. Pure.</summary>
public static partial class CrashJudge
{
    public static ImmutableArray<string> Crashes(IEnumerable<EndedProcess> ended) =>
    [
        .. from process in ended
           where !process.WasTold
           select $"{process.Name} (process {process.Pid}) ended by itself with exit code {process.ExitCode}",
    ];

    /// <summary>A message of level Critical, or the runtime's own last words.</summary>
    public static bool IsAlarm(string line) => Alarm().IsMatch(line);

    [GeneratedRegex(
        @"(^|Z )crit: |Unhandled exception|^Process terminated|^Fatal error|Assertion failed|InvariantBrokenException",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Alarm();
}
