namespace Fleet.Simulation.Worlds;

public enum ProcessState
{
    Dead,
    Running,

    /// <summary>Stopped by a signal: what reaches it waits until it is continued.</summary>
    Paused,
}

/// <summary>A process of the simulated world: it can be started, killed, stopped and continued, and what was meant for a dead one never reaches its successor.</summary>
public sealed class Process(World world, string name)
{
    private readonly Queue<Action> waiting = new();

    public string Name => name;

    public ProcessState State { get; private set; } = ProcessState.Dead;

    /// <summary>Counts starts.</summary>
    public int Incarnation { get; private set; }

    public bool IsRunning => State == ProcessState.Running;

    public void Start()
    {
        waiting.Clear();
        Incarnation++;
        State = ProcessState.Running;
    }

    public void Kill()
    {
        waiting.Clear();
        State = ProcessState.Dead;
    }

    public void Pause()
    {
        if (IsRunning)
            State = ProcessState.Paused;
    }

    public void Continue()
    {
        if (State != ProcessState.Paused)
            return;
        State = ProcessState.Running;
        while (IsRunning && waiting.TryDequeue(out var what))
            what();
    }

    /// <summary>Does it now; when the process is stopped, once it is continued; when it is dead, never.</summary>
    public void Do(Action what)
    {
        if (IsRunning)
            what();
        else if (State == ProcessState.Paused)
            waiting.Enqueue(what);
    }

    /// <summary>Does it after so many microseconds, if this incarnation is still there then.</summary>
    public void DoAfter(long micros, Action what)
    {
        var incarnation = Incarnation;
        world.After(micros, () =>
        {
            if (Incarnation == incarnation)
                Do(what);
        });
    }

    /// <summary>A periodic timer: while the process is stopped its ticks do not pile up.</summary>
    public void Every(long micros, Action what)
    {
        var incarnation = Incarnation;
        world.After(micros, () =>
        {
            if (Incarnation != incarnation || State == ProcessState.Dead)
                return;
            if (IsRunning)
                what();
            if (State != ProcessState.Dead)
                Every(micros, what);
        });
    }
}
