using System.Collections.Immutable;

namespace Fleet.Benchmarks.Storm.Judging;

/// <summary>One look at a process.</summary>
/// <param name="Role">Who it is in the fleet, such as "relay of adc-1"; its process may be another one later.</param>
public sealed record ProcessLook(string Role, int Pid, long RssKb, int Threads, int Files, int Sockets);

/// <summary>How one figure of one process grew, as a part of what it was.</summary>
public sealed record Growth(string Role, string Figure, long Before, long After)
{
    public double Part => Before == 0 ? 0 : (After - Before) / (double)Before;
}

/// <summary>
/// Compares looks of before and after at processes that lived through all of it, by their medians: one look may meet a collection, or a connection
/// that is about to end. Pure.
/// </summary>
public static class GrowthJudge
{
    public const double PartMax = 0.10;

    /// <summary>A pool of threads breathes, and a tenth of a few is nothing: below so many more it is no growth.</summary>
    private const int CountMin = 8;

    public static ImmutableArray<Growth> Growths(IEnumerable<ProcessLook> before, IEnumerable<ProcessLook> after)
    {
        var later = after.ToLookup(look => (look.Role, look.Pid));
        return
        [
            .. from process in before.GroupBy(look => (look.Role, look.Pid)).OrderBy(process => process.Key.Role, StringComparer.Ordinal)
               where later.Contains(process.Key)
               from figure in Figures
               select new Growth(process.Key.Role, figure.Name, Median(process.Select(figure.Of)), Median(later[process.Key].Select(figure.Of))),
        ];
    }

    public static bool IsTooMuch(Growth growth) => growth.Part > PartMax && (growth.Figure == Rss || growth.After - growth.Before > CountMin);

    public static double WorstRss(IEnumerable<Growth> growths) =>
        growths.Where(growth => growth.Figure == Rss).Select(growth => growth.Part).DefaultIfEmpty(0).Max();

    public const string Rss = "rss";

    private static readonly (string Name, Func<ProcessLook, long> Of)[] Figures =
        [(Rss, look => look.RssKb), ("threads", look => look.Threads), ("files", look => look.Files), ("sockets", look => look.Sockets)];

    private static long Median(IEnumerable<long> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
