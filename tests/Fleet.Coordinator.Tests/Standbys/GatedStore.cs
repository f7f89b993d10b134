using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>A store that counts what is asked of it, and whose campaign and snapshot take as long as the test wants.</summary>
internal sealed class GatedStore(InMemoryFleetStore.Memory memory) : IFleetStore
{
    private readonly InMemoryFleetStore _inner = new(memory, TimeProvider.System);
    private CancellationToken _following;

    public int Campaigns { get; private set; }

    public int Loads { get; private set; }

    /// <summary>No campaign is won before.</summary>
    public TaskCompletionSource Winning { get; } = new();

    /// <summary>No snapshot is read before.</summary>
    public TaskCompletionSource Loading { get; } = new();

    /// <summary>No entry is followed before; at once unless the test waits.</summary>
    public TaskCompletionSource? Following { get; init; }

    /// <summary>Somebody has begun to follow the journal.</summary>
    public bool IsFollowed { get; private set; }

    /// <summary>Somebody followed the journal when an entry was appended.</summary>
    public bool WasFollowedAtAppend { get; private set; }

    /// <summary>What following the journal ends with.</summary>
    public Exception? Broken { get; init; }

    public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        Campaigns++;
        await Winning.Task;
        return await _inner.CampaignAsync(candidate, cancellation);
    }

    public async Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation)
    {
        Loads++;
        await Loading.Task;
        return await _inner.LoadSnapshotAsync(cancellation);
    }

    public async IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Broken is not null)
            throw Broken;
        (_following, IsFollowed) = (cancellation, true);
        if (Following is not null)
            await Following.Task.WaitAsync(cancellation);
        await foreach (var entry in _inner.TailAsync(fromRevision, cancellation))
            yield return entry;
    }

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => _inner.LeaderAsync(cancellation);

    public Task DeposeAsync(long term, CancellationToken cancellation) => _inner.DeposeAsync(term, cancellation);

    public Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        WasFollowedAtAppend |= IsFollowed && !_following.IsCancellationRequested;
        return _inner.AppendAsync(entry, cancellation);
    }

    public IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, CancellationToken cancellation) =>
        _inner.ReadAsync(fromRevision, cancellation);

    public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) => _inner.SaveSnapshotAsync(state, cancellation);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
