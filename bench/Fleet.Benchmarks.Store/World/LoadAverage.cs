using System.Globalization;

namespace Fleet.Benchmarks.Store.World;

/// <summary>How many processes of this machine want to run, on average over the last minute: what a figure is worth.</summary>
internal static class LoadAverage
{
    private const string Source = "/proc/loadavg";

    /// <summary>Null where the system does not say.</summary>
    public static double? Now() =>
        File.Exists(Source) ? double.Parse(File.ReadAllText(Source).Split(' ')[0], CultureInfo.InvariantCulture) : null;
}
