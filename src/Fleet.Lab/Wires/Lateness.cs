using System.Numerics;

namespace Fleet.Lab.Wires;

/// <summary>How much later than due packets were passed on: counts by power of two of a microsecond. Written by one thread, read by any.</summary>
internal sealed class Lateness
{
    private const int Buckets = 40;

    private readonly long[] _counts = new long[Buckets];

    public void Add(TimeSpan late)
    {
        var micros = (ulong)Math.Max(0, late.Ticks / TimeSpan.TicksPerMicrosecond);
        _counts[Math.Min(Buckets - 1, 64 - BitOperations.LeadingZeroCount(micros))]++;
    }

    /// <summary>In milliseconds: no packet of that share was later. 0 when there was none.</summary>
    public double QuantileMs(double share)
    {
        var all = _counts.Sum();
        var seen = 0L;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            seen += _counts[bucket];
            if (all > 0 && seen >= share * all)
                return Math.Pow(2, bucket) / 1000;
        }

        return 0;
    }
}
