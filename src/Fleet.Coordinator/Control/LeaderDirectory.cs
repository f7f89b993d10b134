using Fleet.Coordinator.Stores;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// Who leads while this coordinator does not, for those who must be sent there. The store is queried only on demand, and not more often than
/// <see cref="FreshFor"/>, however many ask.
/// </summary>
/// <param name="own">This coordinator: nobody is sent here.</param>
internal sealed class LeaderDirectory(IFleetStore store, CoordinatorAddress own, MonotonicClock clock)
{
    /// <summary>Short compared with the pauses of clients that come again.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(200);

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly Turns _turns = new();
    private CoordinatorAddress? _leader;
    private Instant _asked = Instant.Never;

    /// <summary>Null when this coordinator leads, when nobody does, or when it is not known.</summary>
    public async Task<CoordinatorAddress?> FindAsync(CancellationToken cancellation)
    {
        using (await _turns.TakeAsync(cancellation))
        {
            if (clock.Now - _asked >= FreshFor)
                (_leader, _asked) = (await AskAsync(cancellation), clock.Now);
            return _leader;
        }
    }

    /// <summary>
    /// The same, and while nobody leads it waits for a moment: an election is over soon, and whoever asks need not come again.
    /// </summary>
    /// <param name="leads">This coordinator leads itself by now.</param>
    /// <param name="within">All of it, the store's answers included; a second unless it is given.</param>
    public async Task<CoordinatorAddress?> AwaitAsync(Func<bool> leads, CancellationToken cancellation, TimeSpan? within = null)
    {
        using var bound = new Deadline(clock.Time, within ?? Patience, cancellation);
        CoordinatorAddress? leader = null;
        try
        {
            for (; !leads(); await Task.Delay(LookEvery, clock.Time, bound.Token))
            {
                leader = await FindAsync(bound.Token);
                if (leader is { Link: not null })
                    return leader;
            }

            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return leader;
        }
    }

    private async Task<CoordinatorAddress?> AskAsync(CancellationToken cancellation)
    {
        using var bound = new Deadline(clock.Time, Patience, cancellation);
        try
        {
            var leader = await store.LeaderAsync(bound.Token);
            return leader?.Address == own ? null : leader?.Address;
        }
        catch (Exception e) when (e is StoreUnreachableException or ObjectDisposedException)
        {
            return null; // Disposed of: this coordinator ends.
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
