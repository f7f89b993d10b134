using System.Text.RegularExpressions;

namespace Fleet.Benchmarks.Faults.Judging;

/// <summary>Lines of logs that say that something broke. That a coordinator was deposed, and ended for that, is no such thing.</summary>
internal static partial class CrashJudge
{
    public static IEnumerable<string> Alarms(string folder) => Directory.EnumerateFiles(folder, "c*.log")
        .Order(StringComparer.Ordinal)
        .SelectMany(file => File.ReadLines(file).Where(line => Alarm().IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line}"));

    [GeneratedRegex(@"Unhandled exception|^Process terminated|^Fatal error|Assertion failed|InvariantBrokenException", RegexOptions.NonBacktracking)]
    private static partial Regex Alarm();
}
