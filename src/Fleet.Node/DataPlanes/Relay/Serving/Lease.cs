using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// The right to serve, until a moment on the monotonic clock. Whoever accepts or forwards asks <see cref="Holds"/> first, because a timer says nothing to a process
/// that was stopped; the timer, on a thread of its own so that a busy thread pool cannot delay it, clears up at the end.
/// </summary>
internal sealed class Lease : IDisposable
{
    private readonly MonotonicClock _clock;
    private readonly Action _over;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private long _end = Instant.Never.Micros;
    private bool _cleared = true;
    private bool _stopped;

    public Lease(MonotonicClock clock, Action over)
    {
        _clock = clock;
        _over = over;
        _thread = new Thread(Watch) { IsBackground = true, Name = "lease" };
        _thread.Start();
    }

    public bool Holds => _clock.Now < End;

    public Instant Now => _clock.Now;

    public Instant End => new(Volatile.Read(ref _end));

    public void Set(Instant end)
    {
        lock (_gate)
        {
            Volatile.Write(ref _end, end.Micros);
            _cleared = false;
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
        while (WaitForEnd())
            _over();
    }

    private bool WaitForEnd()
    {
        lock (_gate)
        {
            while (!_stopped)
            {
                var left = End.Micros - _clock.Now.Micros;
                if (left > 0)
                {
                    Monitor.Wait(_gate, (int)Math.Min((left / 1000) + 1, int.MaxValue));
                }
                else if (_cleared)
                {
                    Monitor.Wait(_gate);
                }
                else
                {
                    _cleared = true;
                    return true;
                }
            }

            return false;
        }
    }
}
