namespace Fleet.Shared.Shell;

/// <summary>
/// Ends with another token, when its time is up on the given clock, or when <see cref="Cancel"/> is called. <see
/// cref="CancellationTokenSource.CreateLinkedTokenSource(CancellationToken)"/> does this for the system's clock only.
/// </summary>
public sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _outer;

    /// <summary>Without a time, until <see cref="Within"/> gives one.</summary>
    public Deadline(TimeProvider time, CancellationToken outer)
        : this(time, Timeout.InfiniteTimeSpan, outer)
    {
    }

    /// <param name="outer">The deadline ends when this token does, if not before.</param>
    public Deadline(TimeProvider time, TimeSpan span, CancellationToken outer)
    {
        _source = new CancellationTokenSource(span, time);
        Token = _source.Token;
        _outer = outer.Register(_source.Cancel);
    }

    /// <summary>The token can be asked whether it has ended even after the deadline has been disposed of.</summary>
    public CancellationToken Token { get; }

    /// <summary>
    /// Completes when it ends, for whoever waits for the first of several. Waiting for a delay among others would leave the caller's scheduler for
    /// the thread pool.
    /// </summary>
    public Task EndedAsync()
    {
        var ended = new TaskCompletionSource();
        Token.Register(ended.SetResult);
        return ended.Task;
    }

    /// <summary>Starts the time again, from now; <see cref="Timeout.InfiniteTimeSpan"/> takes the time away.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public void Within(TimeSpan span) => _source.CancelAfter(span);

    /// <summary>Ends it now; what was registered with the token runs before this returns.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public void Cancel() => _source.Cancel();

    public void Dispose()
    {
        _outer.Dispose();
        _source.Dispose();
    }
}
