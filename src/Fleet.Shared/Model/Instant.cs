namespace Fleet.Shared.Model;

/// <summary>
/// A moment on this host's monotonic clock, in microseconds (<c>CLOCK_MONOTONIC</c> on Linux, so that two processes of one host can compare theirs).
/// Moments of two hosts have nothing to do with each other: only durations travel between hosts.
/// </summary>
public readonly record struct Instant(long Micros) : IComparable<Instant>
{
    /// <summary>Before every moment a clock has shown: a lease that ends here was never held.</summary>
    public static readonly Instant Never = new(long.MinValue / 4);

    /// <summary>After every moment a clock will show.</summary>
    public static readonly Instant Forever = new(long.MaxValue / 4);

    public static Instant operator +(Instant instant, TimeSpan span) => new(instant.Micros + (span.Ticks / TimeSpan.TicksPerMicrosecond));

    public static Instant operator -(Instant instant, TimeSpan span) => new(instant.Micros - (span.Ticks / TimeSpan.TicksPerMicrosecond));

    public static TimeSpan operator -(Instant later, Instant earlier) => TimeSpan.FromMicroseconds(later.Micros - earlier.Micros);

    public static bool operator <(Instant left, Instant right) => left.Micros < right.Micros;

    public static bool operator >(Instant left, Instant right) => left.Micros > right.Micros;

    public static bool operator <=(Instant left, Instant right) => left.Micros <= right.Micros;

    public static bool operator >=(Instant left, Instant right) => left.Micros >= right.Micros;

    public static Instant Max(Instant left, Instant right) => left > right ? left : right;

    public static Instant Min(Instant left, Instant right) => left < right ? left : right;

    public int CompareTo(Instant other) => Micros.CompareTo(other.Micros);

    public override string ToString() => $"{Micros / 1000.0:0.###} ms";
}
