using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// The right to serve, until a moment on the monotonic clock. Whoever accepts or forwards asks <see cref="Holds"/> first, because an alarm does not
/// reach a process that is stopped. The alarm cleans up at the end.
/// </summary>
internal sealed class ServingLease : IDisposable
{
    private readonly MonotonicClock _clock;
    private readonly Action _over;
    private readonly IAlarm _alarm;
    private readonly Lock _gate = new();
    private long _end = Instant.Never.Micros;

    /// <param name="over">Called when the lease is over.</param>
    public ServingLease(IServingHost host, Action over)
    {
        _clock = host.Clock;
        _over = over;
        _alarm = host.Alarm(Ring);
    }

    public bool Holds => _clock.Now < End;

    public Instant Now => _clock.Now;

    public Instant End => new(Volatile.Read(ref _end));

    public void Set(Instant end)
    {
        lock (_gate)
        {
            Volatile.Write(ref _end, end.Micros);
            _alarm.Set(end);
        }
    }

    public void Dispose() => _alarm.Dispose();

    private void Ring()
    {
        lock (_gate)
        {
            if (Holds)
            {
                _alarm.Set(End); // It rang for an earlier end, or too early.
                return;
            }
        }

        _over();
    }
}
