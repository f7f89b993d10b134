using Fleet.Coordinator.Standbys;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Control;

/// <summary>
/// A coordinator's way to the leadership. While it waits it stands by, until it leads. It holds back for a moment when the leader hands over to
/// another.
/// </summary>
/// <param name="mayBegin">It stands by until then, and campaigns afterwards.</param>
internal sealed class Campaign(IFleetStore store, CoordinatorAddress own, Standby? standby, Task mayBegin, TimeProvider time)
{
    /// <summary>Time enough for the one that is to lead next, which waits for nothing else.</summary>
    private static readonly TimeSpan HoldBackFor = TimeSpan.FromSeconds(1);

    private static readonly Task Never = new TaskCompletionSource().Task;

    /// <summary>The work of the standby; it ends with the token of <see cref="WinAsync"/>.</summary>
    public Task Standing { get; private set; } = Task.CompletedTask;

    /// <param name="cancellation">Ends the campaign, and afterwards the work of the standby.</param>
    public async Task<Leadership> WinAsync(CancellationToken cancellation)
    {
        await BecomeReadyAsync(cancellation);
        while (true)
        {
            using var off = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var campaign = store.CampaignAsync(own, off.Token);
            if (campaign.IsCompleted)
                return await campaign;
            if (Standing.IsCompleted && standby is not null)
                Standing = standby.RunAsync(cancellation);
            if (await Task.WhenAny(campaign, standby is null ? Never : Standing, standby?.OtherIsNext ?? Never) == campaign)
                return await campaign;
            off.Cancel();
            if (await EndedAsync(campaign, cancellation) is { } won)
                return won;
            if (Standing.IsCompleted)
                await Standing;
            await Task.Delay(HoldBackFor, time, cancellation);
            standby?.Forget();
        }
    }

    private async Task BecomeReadyAsync(CancellationToken cancellation)
    {
        if (!mayBegin.IsCompleted && standby is not null)
        {
            Standing = standby.RunAsync(cancellation);
            await await Task.WhenAny(mayBegin, Standing);
        }

        await mayBegin;
    }

    /// <summary>Null when the campaign has been called off; it may have been won in that moment.</summary>
    private static async Task<Leadership?> EndedAsync(Task<Leadership> campaign, CancellationToken cancellation)
    {
        try
        {
            return await campaign;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
