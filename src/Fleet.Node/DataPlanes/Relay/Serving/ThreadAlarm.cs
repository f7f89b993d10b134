using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>On a thread of its own, with the priority that leases get, so that a busy thread pool cannot delay it.</summary>
internal sealed class ThreadAlarm : IAlarm
{
    private readonly MonotonicClock _clock;
    private readonly Action _ring;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private Instant? _at;
    private bool _stopped;

    public ThreadAlarm(MonotonicClock clock, Action ring)
    {
        _clock = clock;
        _ring = ring;
        _thread = new Thread(Watch) { IsBackground = true, Name = "lease" };
        _thread.Start();
    }

    public void Set(Instant at)
    {
        lock (_gate)
        {
            _at = at;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private void Watch()
    {
        LeasePriority.RaiseThread();
        while (WaitForMoment())
            _ring();
    }

    private bool WaitForMoment()
    {
        lock (_gate)
        {
            while (!_stopped)
            {
                if (_at is not { } at)
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                var left = at.Micros - _clock.Now.Micros;
                if (left <= 0)
                {
                    _at = null;
                    return true;
                }

                Monitor.Wait(_gate, (int)Math.Min((left / 1000) + 1, int.MaxValue));
            }

            return false;
        }
    }
}
