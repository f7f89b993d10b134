using Fleet.Shared.Map;

namespace Fleet.Coordinator.State;

/// <summary>What a site carries and could carry, by telemetry; bit/s.</summary>
/// <param name="LimitBps">What its nodes that are up and heard may carry.</param>
/// <param name="FixedBps">Of services that stay whatever happens.</param>
/// <param name="OverBps">Of services that overflow.</param>
/// <param name="LifeSeconds">How long their connections last on average.</param>
internal readonly record struct SiteLoad(double LimitBps, double FixedBps, double OverBps, double LifeSeconds)
{
    public double RoomBps => LimitBps - FixedBps - OverBps;
}

/// <summary>
/// How many of its own clients a site keeps so that exactly what fits stays: an integral controller on the logarithm, <c>kept = kept × (target /
/// load) ^ gain</c>. DNS answers act on the load only as fast as connections end, a lag of first order. With this gain the loop is nearly critically
/// damped for any such lag, so it overshoots by less than 1 %. A load within half a per cent of the target is left alone: otherwise the last step
/// would be taken back and forth for ever.
/// </summary>
internal static class OverflowControl
{
    /// <summary>A site never keeps less: with no load there would be nothing to learn from.</summary>
    public const double KeptMin = 0.01;

    /// <summary>How far the telemetry itself lags: counters of a second, averaged over the last few.</summary>
    private const double TelemetryLagSeconds = 2;

    private const double Band = 0.005;
    private const double StepDown = 0.8;
    private const double StepUp = 1.25;

    /// <summary>Other sites that are fuller than this take no more; those above their limit give some back.</summary>
    private const double OthersFull = 0.95;

    private const double GiveBack = 1.02;

    /// <param name="kept">What it keeps so far, 0 to 1.</param>
    /// <param name="site">What it carries with that.</param>
    /// <param name="others">
    /// The combined load of the sites that could take what it does not keep; no limit at all means that there is no other site.
    /// </param>
    /// <param name="elapsed">Since the last time.</param>
    public static double Next(double kept, SiteLoad site, SiteLoad others, TimeSpan elapsed)
    {
        if (others.LimitBps <= 0)
            return 1;
        if (site.OverBps <= 0)
            return Math.Min(1, kept * StepUp);
        var error = Math.Log(Math.Max(0, site.LimitBps - site.FixedBps) / site.OverBps);
        if (error < 0 && others.RoomBps < 0)
            return Math.Min(1, kept * GiveBack);
        if (Math.Abs(error) < Band || (error < 0 && others.RoomBps < (1 - OthersFull) * others.LimitBps))
            return kept;
        return Math.Clamp(kept * Math.Clamp(Math.Exp(Gain(site.LifeSeconds, elapsed) * error), StepDown, StepUp), KeptMin, 1);
    }

    public static int Permille(double kept) => (int)Math.Round(kept * SiteEntry.KeptAll);

    /// <summary>With a = e^(-period/lag) the loop is z² - (1 + a) z + a + gain (1 - a); its poles meet at gain = (1 - a)/4.</summary>
    private static double Gain(double lifeSeconds, TimeSpan elapsed) =>
        (1 - Math.Exp(-elapsed.TotalSeconds / (lifeSeconds + TelemetryLagSeconds))) / 2.5;
}
