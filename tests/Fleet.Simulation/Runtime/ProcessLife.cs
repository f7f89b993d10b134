using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Runtime;

/// <summary>
/// A process from its start to its end, and the scheduler of all code that runs in it: every continuation of an await comes back here and is an event
/// of its own, so that the process can be stopped, killed and overtaken between any two of them, as threads are. What belongs to a process that has
/// died never runs again.
/// </summary>
/// <param name="broken">Told of what threw and nobody caught.</param>
public sealed class ProcessLife(Scheduler scheduler, Random chance, string name, Action<Exception> broken) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback What, object? State)> _waiting = new();
    private readonly List<Action> _atDeath = [];
    private readonly List<Task> _begun = [];

    public string Name => name;

    /// <summary>The node whose agent it is; null for others.</summary>
    public SimNode? Owner { get; set; }

    public bool IsDead { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Told each time that something has run in it.</summary>
    public Action? Ran { get; set; }

    /// <summary>
    /// Until this moment of true time its thread is busy, with a slow disk, say: what it sends leaves no sooner, and it does nothing else.
    /// </summary>
    public long BusyUntil { get; private set; }

    /// <summary>Most continuations come at once; now and then one is overtaken by others, as on many threads.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (scheduler.IsOnThread)
            scheduler.At(scheduler.Now + (chance.Next(64) == 0 ? chance.Next(200) : 1), this, d, state);
        else if (!IsDead)
            broken(
                new InvalidOperationException(
                    $"Code of {name} has left its world's "
                    + $"thread:\n{Environment.StackTrace}")); // What a dead one leaves behind is collected on another.
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing in Fleet waits for another thread.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Does it now; when the process is stopped, once it goes on; when it is busy, after that; when it is dead, never.</summary>
    public void Run(SendOrPostCallback what, object? state)
    {
        if (IsDead)
            return;
        if (IsPaused)
        {
            _waiting.Enqueue((what, state));
            return;
        }

        if (BusyUntil > scheduler.Now)
        {
            scheduler.At(BusyUntil, this, what, state);
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            what(state);
        }
        finally
        {
            SetSynchronizationContext(before);
            Ran?.Invoke();
        }
    }

    public void Run(Action what) => Run(static state => ((Action)state!)(), what);

    /// <summary>Begins something that goes on by itself.</summary>
    public void Begin(Func<Task> what) => Run(() =>
    {
        _begun.RemoveAll(task => task.IsCompleted);
        _begun.Add(ToItsEndAsync(what));
    });

    public void After(long micros, Action what) => scheduler.At(scheduler.Now + Math.Max(0, micros), this, static state => ((Action)state!)(), what);

    public void Busy(long micros) => BusyUntil = Math.Max(BusyUntil, scheduler.Now) + micros;

    /// <summary>SIGSTOP.</summary>
    public void Pause() => IsPaused = true;

    /// <summary>SIGCONT.</summary>
    public void Continue()
    {
        if (!IsPaused)
            return;
        IsPaused = false;
        while (_waiting.TryDequeue(out var next))
            scheduler.At(scheduler.Now, this, next.What, next.State);
    }

    /// <summary>What its kernel does when it dies: closes sockets, lets go of locks.</summary>
    public void AtDeath(Action what) => _atDeath.Add(what);

    public void Die()
    {
        if (IsDead)
            return;
        IsDead = true;
        IsPaused = false;
        _waiting.Clear();
        foreach (var what in _atDeath)
            what();
    }

    private async Task ToItsEndAsync(Func<Task> what)
    {
        try
        {
            await what();
        }
        catch (Exception e)
        {
            broken(e);
        }
    }
}
