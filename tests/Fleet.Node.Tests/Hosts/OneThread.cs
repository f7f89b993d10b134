namespace Fleet.Node.Tests.Hosts;

/// <summary>
/// Everything on the thread of the test, one thing after the other, on a clock that moves when nothing is left to be done. Work that comes back from
/// another thread has left its caller's scheduler, and is noted.
/// </summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Lock _gate = new();
    private readonly Queue<(SendOrPostCallback Act, object? State)> _work = [];
    private int _thread;

    public FakeTime Time { get; } = new();

    /// <summary>Where other threads came in.</summary>
    public List<string> Strays { get; } = [];

    public override void Post(SendOrPostCallback d, object? state)
    {
        Note();
        lock (_gate)
            _work.Enqueue((d, state));
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Called by whatever stands for the host.</summary>
    public void Note()
    {
        if (Environment.CurrentManagedThreadId == _thread)
            return;
        lock (_gate)
            Strays.Add(Environment.StackTrace);
    }

    /// <summary>Begins something.</summary>
    public T Begin<T>(Func<T> what)
    {
        var outer = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            return what();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Goes on until it is so, a millisecond at a time.</summary>
    public void RunUntil(Func<bool> isSo, string what, int withinMs = 30_000) => Begin(() => GoOn(isSo, what, withinMs));

    private bool GoOn(Func<bool> isSo, string what, int withinMs)
    {
        for (var passed = 0; ; passed++)
        {
            while (Next() is { Act: not null } next)
                next.Act(next.State);
            if (isSo())
                return true;
            if (passed == withinMs)
                throw new TimeoutException($"Not within {withinMs} ms: {what}.");
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private (SendOrPostCallback? Act, object? State) Next()
    {
        lock (_gate)
            return _work.TryDequeue(out var next) ? next : default;
    }
}
