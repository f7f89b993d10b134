using Fleet.Shared.Json;
using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Cli.Messages;

/// <summary>Numbers and states as people say them.</summary>
internal static class Words
{
    private static readonly string[] Rates = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s"];
    private static readonly string[] Sizes = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Bit/s with three digits: <c>88 Gbit/s</c>.</summary>
    public static string Rate(double bps) => Scaled(bps, Rates);

    /// <summary>Bytes with three digits, powers of ten: <c>1.25 GB</c>.</summary>
    public static string Size(double bytes) => Scaled(bytes, Sizes);

    /// <summary>A duration in its largest whole unit: <c>12 ms</c>, <c>3 s</c>, <c>5 min</c>, <c>2 h</c>, <c>9 d</c>.</summary>
    public static string Age(double ms)
    {
        var whole = (long)Math.Max(0, Math.Round(ms));
        return whole switch
        {
            < 1000 => $"{whole} ms",
            < 60_000 => $"{whole / 1000} s",
            < 3_600_000 => $"{whole / 60_000} min",
            < 86_400_000 => $"{whole / 3_600_000} h",
            _ => $"{whole / 86_400_000} d",
        };
    }

    public static string Percent(double part, double whole) => whole > 0 ? $"{100 * part / whole:0.#} %" : "-";

    public static string OrDash(object? value) => value?.ToString() is { Length: > 0 } text ? text : "-";

    public static string List<T>(IEnumerable<T> items) => OrDash(string.Join(", ", items));

    public static string Count(int number, string one, string many) => $"{number} {(number == 1 ? one : many)}";

    public static string Map(MapVersion version) => version == MapVersion.None ? "-" : version.ToString();

    public static string Why(MoveReason reason) => reason switch
    {
        MoveReason.Placed => "was new",
        MoveReason.OwnerLost => "owner was lost",
        MoveReason.OwnerDraining => "owner drains or leaves",
        MoveReason.Balance => "balance",
        MoveReason.Overload => "owner was overloaded",
        MoveReason.Protection => "protection",
        MoveReason.OwnerCannotHold => "owner could not hold it",
        MoveReason.Outside => "owner was in the wrong site or segment",
        _ => Kebab.Word(reason),
    };

    private static string Scaled(double value, string[] units)
    {
        var unit = 0;
        while (unit < units.Length - 1 && Math.Abs(value) >= 999.5)
        {
            value /= 1000;
            unit++;
        }

        var format = Math.Abs(value) switch { >= 99.95 => "0", >= 9.995 => "0.#", _ => "0.##" };
        return $"{value.ToString(format)} {units[unit]}";
    }
}
