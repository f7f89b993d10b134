using Fleet.Shared.Shell;

namespace Fleet.Simulation.Runtime;

/// <summary>Work beside the caller takes some time, and is done at the end of it; a process that dies meanwhile has not done it.</summary>
public sealed class SimAside(Random chance, ProcessLife life) : IAside
{
    /// <summary>Microseconds.</summary>
    public (int Least, int Most) Takes { get; set; } = (200, 20_000);

    /// <inheritdoc/>
    public Task<T> RunAsync<T>(string name, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        life.After(chance.Next(Takes.Least, Takes.Most), () =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }
}
