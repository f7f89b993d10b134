namespace Fleet.Shared.Shell;

/// <summary>
/// One at a time, or so many, in the order in which they asked: mutual exclusion for code that awaits. It is like <see cref="SemaphoreSlim"/>, but
/// waiting does not leave the caller's scheduler for the thread pool.
/// </summary>
/// <param name="atOnce">How many may have a turn at the same time.</param>
public sealed class Turns(int atOnce = 1)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<IDisposable>> _waiting = [];
    private int _free = atOnce;

    /// <summary>Waits for a turn; disposing the result ends the turn.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled first, and has no turn.</exception>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var mine = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
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
            if (_waiting.First is { } first)
            {
                next = first.Value;
                _waiting.RemoveFirst();
            }
            else
            {
                _free++;
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
