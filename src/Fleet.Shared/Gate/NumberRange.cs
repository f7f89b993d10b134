using System.Globalization;

namespace Fleet.Shared.Gate;

/// <summary>What a number counts, which decides how its range is put into words.</summary>
public enum NumberUnit
{
    Plain,
    Milliseconds,
    Seconds,
    BitsPerSecond,
}

/// <summary>
/// The numbers that are allowed in one place, both ends included, with the words for them: for a configuration, and for JSON, which has no units.
/// </summary>
public sealed record NumberRange(long Min, long Max, NumberUnit Unit = NumberUnit.Plain)
{
    /// <summary>In the words of a configuration.</summary>
    public string Allowed => Unit switch
    {
        NumberUnit.Milliseconds => $"a duration from {Shown(TimeSpan.FromMilliseconds(Min))} to {Shown(TimeSpan.FromMilliseconds(Max))}",
        NumberUnit.Seconds => $"a duration from {Shown(TimeSpan.FromSeconds(Min))} to {Shown(TimeSpan.FromSeconds(Max))}, in whole seconds",
        NumberUnit.BitsPerSecond => $"a rate from {ShownRate(Min)} to {ShownRate(Max)}, such as 800Mbps or 1.5 Tbit/s",
        _ => AllowedInJson,
    };

    /// <summary>In the words of JSON.</summary>
    public string AllowedInJson => string.Create(CultureInfo.InvariantCulture, $"a whole number{Counted} from {Min} to {Max}");

    private string Counted => Unit switch
    {
        NumberUnit.Milliseconds => " of milliseconds",
        NumberUnit.Seconds => " of seconds",
        NumberUnit.BitsPerSecond => " of bit/s",
        _ => "",
    };

    public bool Has(long number) => number >= Min && number <= Max;

    public static string Shown(TimeSpan span) => span switch
    {
        { Ticks: 0 } => "0s",
        _ when span.Ticks % TimeSpan.TicksPerDay == 0 => $"{span.TotalDays}d",
        _ when span.Ticks % TimeSpan.TicksPerHour == 0 => $"{span.TotalHours}h",
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 => $"{span.TotalMinutes}m",
        _ when span.Ticks % TimeSpan.TicksPerSecond == 0 => $"{span.TotalSeconds}s",
        _ => $"{span.TotalMilliseconds}ms",
    };

    public static string ShownRate(long bps)
    {
        string[] units = ["bps", "kbps", "Mbps", "Gbps", "Tbps", "Pbps"];
        var unit = 0;
        for (; bps != 0 && bps % 1000 == 0 && unit < units.Length - 1; unit++)
            bps /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{bps}{units[unit]}");
    }
}

/// <summary>The fractions that are allowed in one place, both ends included.</summary>
public sealed record FractionRange(double Min, double Max)
{
    public string Allowed =>
        string.Create(CultureInfo.InvariantCulture, $"a percentage from {Min * 100:0.##}% to {Max * 100:0.##}%, or the fraction it stands for");

    public string AllowedInJson => string.Create(CultureInfo.InvariantCulture, $"a number from {Min} to {Max}");

    /// <summary>A NaN is in no range.</summary>
    public bool Has(double fraction) => fraction >= Min && fraction <= Max;
}
