using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>The store as one member of a cohort has it: it may be cut off, and a process that was killed gives nothing back.</summary>
internal sealed class WatchedStore(Cohort.Member member, IFleetStore inner) : IFleetStore
{
    private IFleetStore Inner => member.IsCutOff ? throw new StoreUnreachableException("Cut off.") : inner;

    public Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation) =>
        inner.CampaignAsync(candidate, cancellation);

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => Inner.LeaderAsync(cancellation);

    public Task DeposeAsync(long term, CancellationToken cancellation)
    {
        member.Deposed.Add(term);
        return Inner.DeposeAsync(term, cancellation);
    }

    public Task AppendAsync(JournalEntry entry, CancellationToken cancellation) => Inner.AppendAsync(entry, cancellation);

    public IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, CancellationToken cancellation) => Inner.ReadAsync(fromRevision, cancellation);

    public async IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in Inner.TailAsync(fromRevision, cancellation))
            yield return member.Holds ? throw new StoreUnreachableException("Slow.") : entry;
    }

    public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) => Inner.SaveSnapshotAsync(state, cancellation);

    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => Inner.LoadSnapshotAsync(cancellation);

    public ValueTask DisposeAsync() => member.Time.IsDead ? ValueTask.CompletedTask : inner.DisposeAsync();
}
