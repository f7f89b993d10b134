namespace Fleet.Shared.Shell;

/// <summary>Runs, beside the caller, work that takes long and awaits nothing: planning, reading and writing of large files.</summary>
public interface IAside
{
    /// <summary>Returns what <paramref name="work"/> returns, and throws what it throws.</summary>
    Task<T> RunAsync<T>(string name, Func<T> work);
}

/// <summary>
/// Runs work on a thread of its own with ordinary priority: the pool's threads have the priority that leases need, and such work may take one of few
/// cores for a second.
/// </summary>
public sealed class AsideThread : IAside
{
    /// <inheritdoc/>
    public Task<T> RunAsync<T>(string name, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            LeasePriority.LowerThread();
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = name,
        }.Start();
        return done.Task;
    }
}
