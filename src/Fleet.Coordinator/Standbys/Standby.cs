using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Standbys;

/// <summary>What a coordinator does while another leads: it follows the journal and watches the leader.</summary>
/// <param name="watch">Null where there is no way to reach other coordinators.</param>
internal sealed class Standby(Follower follower, LeaderWatch? watch, TimeProvider time)
{
    /// <summary>Whoever wins at once has nobody to follow.</summary>
    private static readonly TimeSpan BeginAfter = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the leader before may take to hear that this one leads now.</summary>
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(1);

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly Lock _gate = new();
    private Action? _lead;
    private Action? _stopFollowing;

    public Follower Follower => follower;

    /// <inheritdoc cref="LeaderWatch.Proof"/>
    public LeaderHeard? Proof => watch?.Proof;

    /// <inheritdoc cref="LeaderWatch.OtherIsNext"/>
    public Task OtherIsNext => watch?.OtherIsNext ?? Never;

    /// <inheritdoc cref="LeaderWatch.Forget"/>
    public void Forget() => watch?.Forget();

    /// <summary>This coordinator leads now: it follows no more, and the leader before, should it still listen, is told.</summary>
    public void Lead(long term)
    {
        watch?.Lead(term);
        lock (_gate)
            _lead?.Invoke();
    }

    /// <summary>
    /// This coordinator has won. A snapshot that is being read is read to its end; what is still to be folded then is left to whoever begins the
    /// term, or two would read it side by side. Null when nothing has been read.
    /// </summary>
    public async Task<Followed?> EndFollowingAsync()
    {
        await follower.LoadedAsync();
        lock (_gate)
            _stopFollowing?.Invoke();
        return follower.Newest;
    }

    /// <summary>Runs until it is cancelled, or this coordinator leads, or one of the two fails.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var following = new Deadline(time, cancellation);
        using var watching = new Deadline(time, cancellation);
        try
        {
            _lead = () =>
            {
                // In this order: what ends with the first may end all of this at once.
                watching.Within(TellWithin);
                following.Cancel();
            };
            _stopFollowing = following.Cancel;
            await Task.Delay(BeginAfter, time, following.Token);
            var folds = follower.RunAsync(following.Token);
            Task[] parts = watch is null ? [folds] : [folds, watch.RunAsync(watching.Token)];
            if ((await Task.WhenAny(parts)).IsFaulted)
            {
                following.Cancel();
                watching.Cancel();
            }

            await Task.WhenAll(parts);
        }
        catch (OperationCanceledException) when (following.Token.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // It leads.
        }
        finally
        {
            lock (_gate)
                (_lead, _stopFollowing) = (null, null);
        }
    }
}
