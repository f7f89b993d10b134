namespace Fleet.Testing;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire inside <see cref="Advance"/>, in the order they are due, each at its own moment; what
/// they wake runs on the thread pool, so a test either waits for its effect or uses <see cref="AdvanceUntilAsync"/>.
/// </summary>
public sealed class FakeTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    /// <summary>Starts at an arbitrary number, as a real one does.</summary>
    public override long GetTimestamp() => (GetUtcNow() - new DateTimeOffset(2029, 1, 1, 0, 0, 0, TimeSpan.Zero)).Ticks;

    /// <summary>Moves the clock, firing what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset end;
        lock (_gate)
            end = _now + by;
        while (NextDue(end) is { } timer)
            timer.Fire();
    }

    /// <summary>
    /// Advances step by step until a condition holds, and lets woken work run in between.
    /// </summary>
    /// <exception cref="TimeoutException">It does not hold after <paramref name="limit"/> of this clock.</exception>
    public async Task AdvanceUntilAsync(Func<bool> holds, TimeSpan step, TimeSpan limit)
    {
        for (var passed = TimeSpan.Zero; !holds(); passed += step)
        {
            if (passed > limit)
                throw new TimeoutException($"Still not so after {limit}.");
            Advance(step);
            await Task.Delay(1);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the next timer due by <paramref name="end"/>, or to the end.</summary>
    private FakeTimer? NextDue(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            var moment = next?.Due ?? end;
            _now = moment > _now ? moment : _now;
            next?.Rearm();
            return next;
        }
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._now + dueTime;
                time._timers.Add(this);
                return true;
            }
        }

        public void Rearm()
        {
            if (_period > TimeSpan.Zero)
                Due += _period;
            else
                time._timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
