namespace Fleet.Shared.Model;

/// <summary>
/// A moment on this host's monotonic clock, in microseconds (<c>CLOCK_MONOTONIC</c> on Linux, so that two processes of one host can compare theirs).
/// Moments of two hosts have nothing to do with each other: only durations travel between hosts.
/// </summary>
public readonly record struct Instant(long Micros) : IComparable<Instant>
{
    /// <summary>7,000 years: the difference of any two moments still fits a <see cref="TimeSpan"/>, and a little more may be added to it.</summary>
    private const long Edge = long.MaxValue / 40;

    /// <summary>Before every moment a clock has shown: a lease that ends here was never held.</summary>
    public static readonly Instant Never = new(-Edge);

    /// <summary>After every moment a clock will show.</summary>
    public static readonly Instant Forever = new(Edge);

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
