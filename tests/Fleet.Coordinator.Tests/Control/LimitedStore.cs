using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>A store in memory whose leadership runs out unless the test renews it, and whose appends take as long as the test likes.</summary>
internal sealed class LimitedStore(TimeProvider time, TimeSpan validFor) : IFleetStore
{
    private readonly InMemoryFleetStore _inner = new(new InMemoryFleetStore.Memory(), time);
    private readonly MonotonicClock _clock = new(time);

    public Leadership Leadership { get; private set; } = null!;

    /// <summary>Appends wait for it.</summary>
    public TaskCompletionSource? Slow { get; set; }

    public void Renew() => Leadership.Renew(_clock.Now + validFor);

    public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation) =>
        Leadership = new Leadership((await _inner.CampaignAsync(candidate, cancellation)).Term, _clock.Now + validFor, _clock);

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => _inner.LeaderAsync(cancellation);

    public Task DeposeAsync(long term, CancellationToken cancellation) => _inner.DeposeAsync(term, cancellation);

    public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        if (Slow is { } slow)
            await slow.Task;
        await _inner.AppendAsync(entry, cancellation);
    }

    public IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, CancellationToken cancellation) =>
        _inner.ReadAsync(fromRevision, cancellation);

    public IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation) =>
        _inner.TailAsync(fromRevision, cancellation);

    public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) => _inner.SaveSnapshotAsync(state, cancellation);

    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => _inner.LoadSnapshotAsync(cancellation);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
