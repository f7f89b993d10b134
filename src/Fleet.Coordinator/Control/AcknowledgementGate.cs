using System.Globalization;
using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Everything that speaks in the fleet's name passes this gate as it leaves: every message on a node's link, and every answer to a command or a
/// question. While the leadership is not valid, they wait as if this process were stopped: another coordinator may lead meanwhile. They are sent once
/// the leadership has been renewed. Being late harms nobody: acknowledgements count from when the heartbeat was sent, and orders carry their term.
/// </summary>
internal sealed class AcknowledgementGate
{
    /// <summary>
    /// Whoever waits for so long at a gate that is shut is told so: with the <see cref="LeadershipTiming.Validity"/> before it, that is well within
    /// the 2 s in which a change is refused when the store is away. An election of the store itself is over by then.
    /// </summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(1200);

    private volatile Leadership? _leadership;

    /// <summary>Something may be acknowledged now.</summary>
    public bool IsOpen => _leadership is { IsValid: true };

    /// <summary>The term that this coordinator leads, valid or not; null when it leads none.</summary>
    public long? Term => _leadership is { Ended.IsCancellationRequested: false } leadership ? leadership.Term : null;

    /// <summary>Up to when this coordinator was sure to lead; null when it leads no more.</summary>
    public Instant? ValidUntil => _leadership?.ValidUntil;

    /// <summary>For how long it has been shut though this coordinator leads; null when that is not so.</summary>
    public TimeSpan? ShutFor => _leadership is { Ended.IsCancellationRequested: false } leadership ? leadership.LapsedFor : null;

    /// <summary>Calls once, when it has been shut for <see cref="WaitMax"/>; never where there is no leadership. Disposing calls it off.</summary>
    public IDisposable? OnShut(Action call) => _leadership?.OnLapse(WaitMax, call);

    /// <summary>A clause for whoever is refused because of it.</summary>
    public string WhyShut => ShutFor is { } span
        ? string.Create(CultureInfo.InvariantCulture, $"the store has not confirmed for {span.TotalSeconds:0.0} s that this coordinator leads")
        : "this coordinator does not lead the fleet";

    public void Open(Leadership leadership) => _leadership = leadership;

    public void Close() => _leadership = null;

    /// <summary>Returns when something may be acknowledged: at once, or when the leadership has been renewed.</summary>
    /// <exception cref="NotLeadingException">There is no leadership to wait for.</exception>
    public ValueTask PassAsync(CancellationToken cancellation) => IsOpen ? ValueTask.CompletedTask : new ValueTask(WaitAsync(cancellation));

    private async Task WaitAsync(CancellationToken cancellation)
    {
        while (!IsOpen)
        {
            if (_leadership is not { Ended.IsCancellationRequested: false } leadership)
                throw new NotLeadingException();
            await leadership.BecomeValidAsync(cancellation);
        }
    }
}
