using Fleet.Shared.Model;

namespace Fleet.Simulation.Runtime;

/// <summary>
/// A host's clocks. The monotonic one began at some moment of its own and runs a little too fast or too slow, by parts per million; the wall clock
/// runs with it, and may jump.
/// </summary>
public sealed class HostClock(long offsetMicros, int ratePpm)
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How far the wall clock is wrong.</summary>
    public TimeSpan WallError { get; set; }

    public static HostClock Random(Random chance, int ppmMax) => new(chance.NextInt64(0, 1_000_000_000_000), chance.Next(-ppmMax, ppmMax + 1));

    public Instant At(long truth) => new(offsetMicros + truth + (truth * ratePpm / 1_000_000));

    public DateTimeOffset WallAt(long truth) => Epoch + TimeSpan.FromMicroseconds(truth + (truth * ratePpm / 1_000_000)) + WallError;

    /// <summary>The last true moment at which this clock has not yet reached <paramref name="local"/>.</summary>
    public long TruthOf(Instant local)
    {
        if (local <= Instant.Never)
            return long.MinValue;
        if (local >= Instant.Forever)
            return long.MaxValue;
        return (long)((local.Micros - offsetMicros) / (1 + (ratePpm / 1e6)));
    }

    /// <summary>How long, in truth, this clock takes to count so many microseconds.</summary>
    public long TrueSpan(long micros) => (long)(micros / (1 + (ratePpm / 1e6)));
}
