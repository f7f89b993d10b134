using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores;

/// <summary>
/// One coordinator's right to speak for the fleet: a term, and until when it may acknowledge anything. The store that gave it renews it and ends it;
/// the leader looks at it. It may run out and be renewed after all; once it has ended it is over for good. Safe for any thread.
/// </summary>
/// <param name="term">Higher than any before.</param>
/// <param name="validUntil">See <see cref="ValidUntil"/>.</param>
/// <param name="clock">This process's.</param>
internal sealed class Leadership(long term, Instant validUntil, MonotonicClock clock)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private long _validUntil = validUntil.Micros;

    public long Term => term;

    /// <summary>
    /// By this process's monotonic clock. It counts from the moment at which the renewal was <em>sent</em>. The store counts from when that arrived,
    /// which is later, so nobody else can lead before. The store has already taken off what the two clocks may drift apart meanwhile.
    /// <see cref="Instant.Forever"/> when nobody can take it from a living process, such as a lock of its kernel.
    /// </summary>
    public Instant ValidUntil => new(Volatile.Read(ref _validUntil));

    /// <summary>Something may be acknowledged now.</summary>
    public bool IsValid => !_ended.IsCancellationRequested && !HasRunOut;

    /// <summary>
    /// Cancelled when the store knows that it is over, at the latest when a write was fenced. A leader that is cut off from its store may never hear
    /// of it: validity is what counts.
    /// </summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>For how long it has not been valid; zero while it is.</summary>
    public TimeSpan LapsedFor => HasRunOut ? clock.Now - ValidUntil : TimeSpan.Zero;

    private bool HasRunOut => !(ValidUntil == Instant.Forever || clock.Now < ValidUntil);

    /// <summary>
    /// Calls once, when it has not been valid for so long without a break. It may be renewed all the same. Disposing calls it off.
    /// </summary>
    public IDisposable OnLapse(TimeSpan span, Action call) => new LapseWatch(this, span, clock, call);

    /// <summary>For the store: the leadership has been granted for longer. A renewal that comes late or out of order shortens nothing.</summary>
    public void Renew(Instant until)
    {
        lock (_lock)
            Volatile.Write(ref _validUntil, Math.Max(_validUntil, until.Micros));
        Wake();
    }

    /// <summary>For the store: it is over for good.</summary>
    public void End()
    {
        _ended.Cancel();
        Wake();
    }

    /// <summary>Returns when it is valid, or has ended.</summary>
    public async Task BecomeValidAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                if (IsValid || _ended.IsCancellationRequested)
                    return;
                _waiting.AddLast(mine);
            }

            using var calledOff = cancellation.Register(() => CallOff(mine, cancellation));
            await mine.Task;
        }
    }

    private void CallOff(TaskCompletionSource waiting, CancellationToken cancellation)
    {
        lock (_lock)
            _waiting.Remove(waiting);
        waiting.TrySetCanceled(cancellation);
    }

    private void Wake()
    {
        TaskCompletionSource[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var one in waiting)
            one.TrySetResult();
    }
}

/// <summary>The store has ended this leadership: whoever led must not speak for the fleet any more.</summary>
internal sealed class LeadershipEndedException(long term) : Exception($"Term {term} is over: the store has given the leadership away, or may have.")
{
    public long Term => term;
}
