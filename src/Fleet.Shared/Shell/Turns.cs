namespace Fleet.Shared.Shell;

/// <summary>One at a time, in the order in which they asked: mutual exclusion for code that awaits. As <see cref="SemaphoreSlim"/>, whose waiting leaves its caller's scheduler for the thread pool.</summary>
public sealed class Turns
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<IDisposable>> _waiting = [];
    private bool _taken;

    /// <summary>Waits for its turn; disposing what it returns ends it.</summary>
    /// <exception cref="OperationCanceledException">It was called off first, and has no turn.</exception>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var mine = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return new Turn(this);
            }

            _waiting.AddLast(mine);
        }

        using var calledOff = cancellation.Register(() => CallOff(mine, cancellation));
        return await mine.Task;
    }

    private void CallOff(TaskCompletionSource<IDisposable> waiting, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(waiting))
                return; // Its turn has come.
        }

        waiting.SetCanceled(cancellation);
    }

    private void Next()
    {
        TaskCompletionSource<IDisposable>? next = null;
        lock (_lock)
        {
            _taken = _waiting.First is not null;
            if (_taken)
            {
                next = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }
        }

        next?.SetResult(new Turn(this));
    }

    private sealed class Turn(Turns turns) : IDisposable
    {
        private Turns? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.Next();
    }
}
