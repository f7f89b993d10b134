using Fleet.Shared.Model;

namespace Fleet.Simulation.Worlds;

/// <summary>A host's monotonic clock: it began at some moment of its own and runs a little too fast or too slow, by parts per million.</summary>
public readonly record struct SkewedClock(long OffsetMicros, int RatePpm)
{
    public static SkewedClock Random(Random chance, int ppmMax) => new(chance.NextInt64(0, 1_000_000_000_000), chance.Next(-ppmMax, ppmMax + 1));

    public Instant At(long truth) => new(OffsetMicros + truth + (truth * RatePpm / 1_000_000));

    /// <summary>The last true moment at which this clock has not yet reached <paramref name="local"/>.</summary>
    public long TruthOf(Instant local)
    {
        if (local <= Instant.Never)
            return long.MinValue;
        if (local >= Instant.Forever)
            return long.MaxValue;
        return (long)((local.Micros - OffsetMicros) / (1 + (RatePpm / 1e6)));
    }

    /// <summary>How long, in truth, this clock takes to count so many microseconds.</summary>
    public long TrueSpan(long micros) => (long)(micros / (1 + (RatePpm / 1e6)));
}
