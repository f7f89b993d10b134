using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>Passes everything on; a test overrides what it wants to see, or to fail.</summary>
internal abstract class PassingStore(IFleetStore inner) : IFleetStore
{
    public virtual Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation) =>
        inner.CampaignAsync(candidate, cancellation);

    public virtual Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => inner.LeaderAsync(cancellation);

    public virtual Task DeposeAsync(long term, CancellationToken cancellation) => inner.DeposeAsync(term, cancellation);

    public virtual Task AppendAsync(JournalEntry entry, CancellationToken cancellation) => inner.AppendAsync(entry, cancellation);

    public virtual IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, CancellationToken cancellation) =>
        inner.ReadAsync(fromRevision, cancellation);

    public virtual IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation) =>
        inner.TailAsync(fromRevision, cancellation);

    public virtual Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) => inner.SaveSnapshotAsync(state, cancellation);

    public virtual Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => inner.LoadSnapshotAsync(cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
