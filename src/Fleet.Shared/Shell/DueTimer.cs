using Fleet.Shared.Model;

namespace Fleet.Shared.Shell;

/// <summary>
/// Tells a loop that the moment has come for which it said that something is due. The loop sets it anew after every input; until then it is quiet.
/// </summary>
public sealed class DueTimer : IDisposable
{
    /// <summary>Timers count whole milliseconds and must not be early; and a loop that breaks whenever something is due must not spin.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly MonotonicClock _clock;
    private readonly ITimer _timer;
    private Instant _due = Instant.Forever;
    private volatile bool _hasRung;

    /// <param name="ring">Called when something is due, on any thread.</param>
    public DueTimer(MonotonicClock clock, Action ring)
    {
        _clock = clock;
        _timer = clock.Time.CreateTimer(
            _ =>
            {
                _hasRung = true;
                ring();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>From the loop only.</summary>
    public void Set(Instant due)
    {
        if (due == _due && !_hasRung)
            return;
        _due = due;
        _hasRung = false;
        var left = Math.Ceiling((due - _clock.Now).TotalMilliseconds);
        _timer.Change(left <= Least.TotalMilliseconds ? Least : TimeSpan.FromMilliseconds(left), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
