namespace Fleet.Coordinator.Tests.Stores;

internal static class Waiting
{
    /// <summary>Returns when the token has been cancelled.</summary>
    public static async Task WhenCancelledAsync(this CancellationToken token, CancellationToken bound)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = token.Register(done.SetResult);
        await done.Task.WaitAsync(bound);
    }
}
