namespace Fleet.Coordinator.Publishing;

/// <summary>
/// How long to wait before the next attempt. The delay doubles from half a second to a minute; each wait is between half of it and all of it, so that
/// many do not retry together.
/// </summary>
internal static class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan Last = TimeSpan.FromMinutes(1);

    /// <param name="failures">In a row, at least 1.</param>
    /// <param name="chance">From 0 up to 1.</param>
    public static TimeSpan After(int failures, double chance)
    {
        var whole = First * Math.Pow(2, Math.Min(failures - 1, 20));
        return (whole < Last ? whole : Last) * (0.5 + (chance / 2));
    }
}
