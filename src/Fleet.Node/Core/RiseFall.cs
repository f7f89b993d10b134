using Fleet.Shared.Map;
using Fleet.Shared.Model;

namespace Fleet.Node.Core;

/// <summary>
/// What one prober thinks of one backend. <see cref="CheckSpec.Rise"/> good probes in a row make it up, <see cref="CheckSpec.Fall"/> bad ones in a
/// row make it down, and nothing else does. This holds from <see cref="Verdict.Unknown"/> too, so that a pool whose probing has just begun sends
/// nobody to a backend that answered once.
/// </summary>
/// <param name="Streak">Good probes in a row, or bad ones as a negative number.</param>
internal readonly record struct RiseFall(Verdict Verdict, int Streak)
{
    /// <summary>Nothing has been probed yet.</summary>
    public static readonly RiseFall Unknown;

    public RiseFall After(bool good, int rise, int fall)
    {
        var streak = good ? Math.Max(Streak, 0) + 1 : Math.Min(Streak, 0) - 1;
        var verdict = streak >= Math.Max(rise, 1) ? Verdict.Up : -streak >= Math.Max(fall, 1) ? Verdict.Down : Verdict;
        return new RiseFall(verdict, streak);
    }
}
