namespace Fleet.Node.Control;

/// <summary>
/// One thing that a data plane is to do, tried until it is done: a newer wish replaces an older one, there is one attempt at a time, and the pause
/// between attempts grows from 50 ms to a second. Whoever asks for it does not wait longer than <see cref="PatienceMax"/>: a lease must be renewed
/// meanwhile.
/// </summary>
internal sealed class RetriedOrder<T>(Func<T, CancellationToken, Task> act, TimeProvider time)
    where T : class
{
    /// <summary>A tenth of the default lease.</summary>
    public static readonly TimeSpan PatienceMax = TimeSpan.FromMilliseconds(40);

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private T? _attempted;
    private Task? _running;
    private TimeSpan _pause = PauseMin;
    private long _failedAt;

    /// <summary>What is to be done yet; null when all is done.</summary>
    public T? Wanted { get; private set; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public Exception? Failure { get; private set; }

    public void Want(T order) => (Wanted, Failure, _pause) = (order, null, PauseMin);

    /// <summary>Goes on where it is due. True when nothing is left to be done.</summary>
    public async Task<bool> GoOnAsync(CancellationToken cancellation)
    {
        while (Wanted is { } wanted)
        {
            if (_running is null)
            {
                if (Failure is not null && time.GetElapsedTime(_failedAt) < _pause)
                    return false;
                _attempted = wanted;
                _running = AttemptAsync(wanted, cancellation);
            }

            if (!_running.IsCompleted)
                await Task.WhenAny(_running, Task.Delay(PatienceMax, time, cancellation));
            if (!_running.IsCompleted)
                return false;
            End(_running.Exception?.GetBaseException());
            if (Failure is not null)
                return false;
        }

        return true;
    }

    private async Task AttemptAsync(T order, CancellationToken cancellation) => await act(order, cancellation);

    /// <summary>What became of an older wish says nothing about the newest.</summary>
    private void End(Exception? failure)
    {
        var isNewest = ReferenceEquals(_attempted, Wanted);
        if (_running is { IsCanceled: true })
            failure = new OperationCanceledException("It was called off.");
        (_running, _attempted) = (null, null);
        if (!isNewest)
            return;
        if (failure is null)
        {
            (Wanted, Failure) = (null, null);
            return;
        }

        if (Failure is not null)
            _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
        (Failure, _failedAt) = (failure, time.GetTimestamp());
    }
}
