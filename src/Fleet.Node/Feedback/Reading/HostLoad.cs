using System.Globalization;

namespace Fleet.Node.Feedback.Reading;

/// <summary>
/// Reads what Linux reports about its load, proc(5), as the part that is idle, 0 to 1. Null where the text is not what it should be.
/// </summary>
internal static class HostLoad
{
    /// <summary>Idle and total ticks of all processors, from /proc/stat; waiting for a disk is not idle.</summary>
    public static (long Idle, long Total)? Processor(string stat)
    {
        var line = stat.Split('\n').FirstOrDefault(l => l.StartsWith("cpu ", StringComparison.Ordinal));
        var fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Number).ToArray();
        return fields is { Length: 8 } && fields.All(f => f is not null) ? (fields[3]!.Value, fields.Sum(f => f!.Value)) : null;
    }

    public static double? IdleBetween((long Idle, long Total)? before, (long Idle, long Total)? after) =>
        before is { } one && after is { } other && other.Total > one.Total
            ? Math.Clamp((double)(other.Idle - one.Idle) / (other.Total - one.Total), 0, 1)
            : null;

    /// <summary>The part of the memory that /proc/meminfo calls available.</summary>
    public static double? Memory(string meminfo) =>
        Kilobytes(meminfo, "MemTotal:") is { } total and > 0 && Kilobytes(meminfo, "MemAvailable:") is { } available
            ? Math.Clamp((double)available / total, 0, 1)
            : null;

    /// <param name="bytes">Carried in the busier direction.</param>
    /// <param name="megabits">The link's speed per second.</param>
    public static double? Network(long bytes, double seconds, long? megabits) =>
        megabits is > 0 && seconds > 0 ? Math.Clamp(1 - (bytes * 8 / seconds / (megabits.Value * 1e6)), 0, 1) : null;

    public static long? Number(string text) =>
        long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Kilobytes(string meminfo, string field) =>
        meminfo
            .Split('\n')
            .FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var value, ..]
            ? Number(value)
            : null;
}
