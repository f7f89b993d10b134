using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores;

/// <summary>
/// Calls once, when a leadership has not been valid for so long. Renewals do not come here: the timer looks anew when it would have been time.
/// </summary>
internal sealed class LapseWatch : IDisposable
{
    private readonly Leadership _leadership;
    private readonly TimeSpan _span;
    private readonly MonotonicClock _clock;
    private readonly Action _call;
    private readonly ITimer _timer;

    public LapseWatch(Leadership leadership, TimeSpan span, MonotonicClock clock, Action call)
    {
        (_leadership, _span, _clock, _call) = (leadership, span, clock, call);
        _timer = clock.Time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (leadership.ValidUntil != Instant.Forever)
            Look();
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var left = _leadership.ValidUntil + _span - _clock.Now;
        if (left <= TimeSpan.Zero)
            _call();
        else
            _timer.Change(Whole(left), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Timers count milliseconds, and would come too early.</summary>
    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
}
