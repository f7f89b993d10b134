namespace Fleet.Simulation.Runtime;

/// <summary>
/// What happens next, in true time: the one queue of a world, taken from by one thread. Events of one moment come in the order in which they were
/// scheduled, so that everything follows from the seed.
/// </summary>
public sealed class Scheduler
{
    private readonly PriorityQueue<Event, (long At, long Order)> _events = new();

    /// <summary>What happens in a microsecond, as most of all does: it comes in the order in which it was scheduled, and needs no heap.</summary>
    private readonly Queue<(Event What, (long At, long Order) When)> _soon = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    /// <summary>True time since the world began, microseconds. No process can see it.</summary>
    public long Now { get; private set; }

    /// <summary>Whose the last event was; null when it was nobody's.</summary>
    public ProcessLife? Last { get; private set; }

    /// <summary>Whatever comes from another thread comes at a moment that no seed decides.</summary>
    public bool IsOnThread => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Does it after so many microseconds, outside all processes: the world's own doing.</summary>
    public void After(long micros, Action what) => Enqueue(Now + Math.Max(0, micros), new Event(null, Invoke, what));

    /// <summary>Does it at a moment, in a process; when that has died by then, never.</summary>
    public void At(long moment, ProcessLife life, SendOrPostCallback what, object? state) =>
        Enqueue(Math.Max(Now, moment), new Event(life, what, state));

    /// <summary>Takes the next event, if it is not after <paramref name="end"/>, and lets it happen.</summary>
    public bool Next(long end)
    {
        if (!TryTake(end, out var next, out var at))
            return false;
        Now = at;
        Last = next.Life;
        if (next.Life is { } life)
            life.Run(next.What, next.State);
        else
            next.What(next.State);
        return true;
    }

    /// <summary>Nothing happens until then.</summary>
    public void Skip(long to) => Now = Math.Max(Now, to);

    private static void Invoke(object? action) => ((Action)action!)();

    private bool TryTake(long end, out Event next, out long at)
    {
        var isAny = _events.TryPeek(out next, out var when);
        var isSoon = _soon.TryPeek(out var soon) && (!isAny || soon.When.CompareTo(when) < 0);
        if (isSoon)
            (next, when) = soon;
        at = when.At;
        if (!(isAny || isSoon) || at > end)
            return false;
        if (isSoon)
            _soon.Dequeue();
        else
            _events.Dequeue();
        return true;
    }

    private void Enqueue(long at, Event next)
    {
        if (at == Now + 1)
            _soon.Enqueue((next, (at, _order++)));
        else
            _events.Enqueue(next, (at, _order++));
    }

    private readonly record struct Event(ProcessLife? Life, SendOrPostCallback What, object? State);
}
