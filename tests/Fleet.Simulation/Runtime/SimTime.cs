namespace Fleet.Simulation.Runtime;

/// <summary>
/// The clocks of a host as one of its processes sees them. Timers are never early, and a little late; those of a stopped process do not pile up.
/// </summary>
/// <param name="looked">Told each time that the process looks at the clock.</param>
public sealed class SimTime(Scheduler scheduler, Random chance, HostClock clock, ProcessLife life, Action? looked) : TimeProvider
{
    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp()
    {
        looked?.Invoke();
        return clock.At(scheduler.Now).Micros;
    }

    public override DateTimeOffset GetUtcNow() => clock.WallAt(scheduler.Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void At(TimeSpan due, SendOrPostCallback what, object? state)
    {
        var late = chance.Next(16) == 0 ? chance.Next(1_500) : chance.Next(200);
        scheduler.At(scheduler.Now + clock.TrueSpan((long)Math.Ceiling(due.TotalMicroseconds)) + late, life, what, state);
    }

    private sealed class SimTimer(SimTime time, TimerCallback callback, object? state) : ITimer
    {
        private Shot? _next;
        private TimeSpan _period;
        private bool _isOver;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isOver)
                return false;
            _period = period;
            _next = null;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Aim(dueTime);
            return true;
        }

        public void Dispose()
        {
            _isOver = true;
            _next = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Aim(TimeSpan due)
        {
            _next = new Shot(this);
            time.At(due, static shot => ((Shot)shot!).Fire(), _next);
        }

        private void Fire(Shot shot)
        {
            if (shot != _next)
                return;
            _next = null;
            if (_period > TimeSpan.Zero)
                Aim(_period);
            callback(state);
        }

        /// <summary>One that was called off by a change finds that it is not the next any more.</summary>
        private sealed class Shot(SimTimer timer)
        {
            public void Fire() => timer.Fire(this);
        }
    }
}
