using Fleet.Simulation.Worlds;

namespace Fleet.Simulation.Runtime;

public enum ProcessState
{
    Dead,
    Running,

    /// <summary>Stopped by a signal: what reaches it waits until it is continued.</summary>
    Paused,
}

/// <summary>A place for a process, with one life after another: it can be started, killed, stopped and continued.</summary>
public sealed class SimProcess(World world, string name)
{
    /// <summary>Null while it is dead.</summary>
    public ProcessLife? Life { get; private set; }

    /// <summary>Counts starts.</summary>
    public int Incarnation { get; private set; }

    public ProcessState State => Life is not { } life ? ProcessState.Dead : life.IsPaused ? ProcessState.Paused : ProcessState.Running;

    public bool IsRunning => State == ProcessState.Running;

    /// <summary>A program that ends by itself leaves the process dead; what it threw is told.</summary>
    /// <param name="ended">Told once it has ended by itself; null is no exception.</param>
    public ProcessLife Start(Func<ProcessLife, Task> program, Action<Exception?> ended)
    {
        Incarnation++;
        var life = Life = new ProcessLife(world.Scheduler, world.Chance, $"{name}#{Incarnation}", world.Break);
        life.After(0, () => life.Begin(() => RunAsync(life, program, ended)));
        return life;
    }

    public bool Kill()
    {
        var life = Life;
        Life = null;
        life?.Die();
        return life is not null;
    }

    public void Pause() => Life?.Pause();

    public void Continue() => Life?.Continue();

    private async Task RunAsync(ProcessLife life, Func<ProcessLife, Task> program, Action<Exception?> ended)
    {
        Exception? failure = null;
        try
        {
            await program(life);
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (Life == life)
            Kill();
        // Told outside the process, which is no more.
        world.Scheduler.After(0, () => ended(failure));
    }
}
