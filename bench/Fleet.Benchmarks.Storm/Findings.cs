using System.Collections.Immutable;
using Fleet.Benchmarks.Storm.Judging;
using Fleet.Benchmarks.Storm.World;

namespace Fleet.Benchmarks.Storm;

/// <summary>What the storm has found so far.</summary>
internal sealed class Findings(StormLog log)
{
    public static readonly TimeSpan HealedMax = TimeSpan.FromSeconds(5);

    private readonly List<string> _failures = [];

    public ImmutableArray<string> Failures => [.. _failures];

    public int Episodes { get; private set; }

    public int LostCommands { get; private set; }

    public int Crashes { get; private set; }

    public TimeSpan Healed { get; private set; }

    /// <summary>Outages of calm kills, in milliseconds.</summary>
    public List<double> CalmKills { get; } = [];

    public double? RssGrowth { get; private set; }

    public void Fail(string what)
    {
        _failures.Add(what);
        log.Write($"FAIL  {what}");
    }

    public void Heal(TimeSpan took, string lastWanting)
    {
        Episodes++;
        Healed = took > Healed ? took : Healed;
        log.Write($"healed after {took.TotalMilliseconds:0} ms");
        if (took > HealedMax)
            Fail($"episode {Episodes} healed after {took.TotalMilliseconds:0} ms; last to heal: {lastWanting}");
    }

    public void Lose(IEnumerable<LostCommand> lost)
    {
        foreach (var command in lost)
        {
            LostCommands++;
            Fail($"acknowledged and lost: {command.Target} should be {command.Wanted}, is {command.Found}");
        }
    }

    public void Crash(IEnumerable<string> crashes)
    {
        foreach (var crash in crashes)
        {
            Crashes++;
            Fail(crash);
        }
    }

    /// <summary>Of processes that have lived through the storm from a minute of their age on.</summary>
    public void Grow(ImmutableArray<Growth> growths)
    {
        if (growths.IsEmpty)
            return;
        RssGrowth = Math.Round(GrowthJudge.WorstRss(growths), 3);
        foreach (var process in growths.GroupBy(growth => growth.Role))
            log.Write($"{process.Key}: {string.Join(", ", process.Select(Text))}");
        foreach (var growth in growths.Where(GrowthJudge.IsTooMuch))
            Fail($"{growth.Role} grew: {Text(growth)}");
    }

    private static string Text(Growth growth) => $"{growth.Figure} {growth.Before} -> {growth.After} ({growth.Part:P1})";
}
