namespace Fleet.Coordinator.Stores;

/// <summary>
/// Stops to wait for what goes on by itself, since another may want it, or since it cannot be called off in time: Npgsql's own cancellation asks the
/// server, over a connection of its own, to stop, and whoever cancels waits meanwhile, for seconds where the server does not answer.
/// </summary>
internal static class Abandoning
{
    /// <exception cref="OperationCanceledException">It was called off first.</exception>
    public static async Task<T> UnlessAsync<T>(this Task<T> work, CancellationToken cancellation)
    {
        if (!work.IsCompleted)
        {
            var off = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var calledOff = cancellation.Register(off.SetResult);
            if (await Task.WhenAny(work, off.Task) != work)
            {
                _ = ForgetAsync(work);
                throw new OperationCanceledException(cancellation);
            }
        }

        return await work;
    }

    /// <summary>Nobody waits for it any more, and nobody is told how it ends.</summary>
    public static async Task ForgetAsync(Task work) =>
        await work.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
}
