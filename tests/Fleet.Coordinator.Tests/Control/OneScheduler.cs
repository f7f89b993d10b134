namespace Fleet.Coordinator.Tests.Control;

/// <summary>Runs what is posted to it on the thread that says so, and counts what comes from elsewhere: whoever left it.</summary>
internal sealed class OneScheduler : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Call, object? State)> posted = [];
    private readonly int thread = Environment.CurrentManagedThreadId;
    private int strays;

    /// <summary>How many times something came back from another thread, or ran where this one is not in force.</summary>
    public int Strays => strays;

    /// <summary>Whoever calls this should be here.</summary>
    public void Look()
    {
        if (Current != this || Environment.CurrentManagedThreadId != thread)
            Interlocked.Increment(ref strays);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != thread)
            Interlocked.Increment(ref strays);
        lock (posted)
            posted.Enqueue((d, state));
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
        lock (posted)
            return posted.TryDequeue(out var next) ? next : null;
    }
}
