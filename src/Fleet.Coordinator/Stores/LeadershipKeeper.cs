using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores;

/// <summary>Keeps a leadership valid by asking its store, again and again, whether it still stands.</summary>
/// <param name="standsAsync">
/// Whether the store, as of now and for all who use it, still has this process as the leader. False ends the leadership. A store that cannot be
/// reached throws <see cref="StoreUnreachableException"/>; the next question may be answered.
/// </param>
internal sealed class LeadershipKeeper(
    Leadership leadership, LeadershipTiming timing, MonotonicClock clock, Func<CancellationToken, Task<bool>> standsAsync)
{
    /// <summary>Runs until the leadership has ended, or it is called off.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, leadership.Ended);
        try
        {
            while (true)
            {
                var sent = clock.Now;
                await AskAsync(sent, end.Token);
                var pause = sent + timing.AskEvery - clock.Now;
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, clock.Time, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Nobody needs it any more.
        }
    }

    private async Task AskAsync(Instant sent, CancellationToken cancellation)
    {
        using var bound = new Deadline(clock.Time, timing.AnswerWithin, cancellation);
        try
        {
            if (await standsAsync(bound.Token))
                leadership.Renew(sent + timing.Counted);
            else
                leadership.End();
        }
        catch (Exception e) when (e is StoreUnreachableException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // What is not renewed runs out by itself.
        }
    }
}
