using Fleet.Shared.Model;

namespace Fleet.Shared.Shell;

/// <summary>
/// Reads the host's monotonic clock through a <see cref="TimeProvider"/>: two processes on one Linux host read the same clock, so an
/// <see cref="Instant"/> can be handed from one to the other.
/// </summary>
public sealed class MonotonicClock(TimeProvider time)
{
    public static readonly MonotonicClock System = new(TimeProvider.System);

    public TimeProvider Time => time;

    public Instant Now
    {
        get
        {
            var (seconds, rest) = long.DivRem(time.GetTimestamp(), time.TimestampFrequency);
            return new Instant((seconds * 1_000_000) + (rest * 1_000_000 / time.TimestampFrequency));
        }
    }
}
