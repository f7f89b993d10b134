namespace Fleet.Coordinator.Tests.Control;

/// <summary>Runs what is posted to it on the thread that says so, and counts what comes from elsewhere: whoever left it.</summary>
internal sealed class OneScheduler : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Call, object? State)> _posted = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private int _strays;

    /// <summary>How many times something came back from another thread, or ran where this one is not in force.</summary>
    public int Strays => _strays;

    /// <summary>Whoever calls this should be here.</summary>
    public void Look()
    {
        if (Current != this || Environment.CurrentManagedThreadId != _thread)
            Interlocked.Increment(ref _strays);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            Interlocked.Increment(ref _strays);
        lock (_posted)
            _posted.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody waits here.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Does it, and all that follows from it at once.</summary>
    public T Do<T>(Func<T> work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var done = work();
            while (TryTake() is { } next)
                next.Call(next.State);
            return done;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private (SendOrPostCallback Call, object? State)? TryTake()
    {
        lock (_posted)
            return _posted.TryDequeue(out var next) ? next : null;
    }
}
