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
    private volatile Leadership? _leadership;

    /// <summary>Something may be acknowledged now.</summary>
    public bool IsOpen => _leadership is { IsValid: true };

    /// <summary>The term that this coordinator leads, valid or not; null when it leads none.</summary>
    public long? Term => _leadership is { Ended.IsCancellationRequested: false } leadership ? leadership.Term : null;

    /// <summary>Up to when this coordinator was sure to lead; null when it leads no more.</summary>
    public Instant? ValidUntil => _leadership?.ValidUntil;

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
