using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>A store to read by that has dropped all but some entries.</summary>
internal sealed class LastEntries(JournalEntry[] entries) : IFleetStore
{
    public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var entry in entries.Where(entry => entry.Revision >= fromRevision))
            yield return entry;
    }

    public Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task DeposeAsync(long term, CancellationToken cancellation) => throw new NotSupportedException();

    public Task AppendAsync(JournalEntry entry, CancellationToken cancellation) => throw new NotSupportedException();

    public IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation) => throw new NotSupportedException();

    public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
