using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>What becomes of a write.</summary>
internal enum Mood
{
    Good,

    /// <summary>Writes nothing, and knows it.</summary>
    Refuses,

    /// <summary>Writes nothing, and does not say so.</summary>
    Fails,
    WritesAndFails,
    Fenced,
}

/// <summary>A store in memory that fails as it is told.</summary>
internal sealed class MoodyStore : IFleetStore
{
    private readonly InMemoryFleetStore.Memory _memory = new();
    private readonly InMemoryFleetStore _inner;

    public MoodyStore() => _inner = new InMemoryFleetStore(_memory, TimeProvider.System);

    public List<JournalEntry> Entries => _memory.Entries;

    public Mood Mood { get; set; }

    public bool SnapshotsFail { get; set; }

    public bool ReadsFail { get; set; }

    public int Appended { get; private set; }

    public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation) =>
        new((await _inner.CampaignAsync(candidate, cancellation)).Term, Instant.Forever, MonotonicClock.System);

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => _inner.LeaderAsync(cancellation);

    public Task DeposeAsync(long term, CancellationToken cancellation) => _inner.DeposeAsync(term, cancellation);

    /// <summary>Another coordinator leads and writes the next entry; this one is not told.</summary>
    public async Task UsurpAsync()
    {
        await _inner.DisposeAsync();
        await using var other = new InMemoryFleetStore(_memory, TimeProvider.System);
        var term = await other.CampaignAsync("other", CancellationToken.None);
        await other.AppendAsync(
            new JournalEntry(_memory.Entries.Count + 1, term, DateTimeOffset.UnixEpoch, Build.By, [new FleetEvent.TermBegun(term, "other")]),
            CancellationToken.None);
    }

    public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        if (Mood == Mood.Fenced)
            throw new FencedException(entry.Term, entry.Term + 1);
        if (Mood is Mood.Good or Mood.WritesAndFails)
        {
            await _inner.AppendAsync(entry, cancellation);
            Appended++;
        }

        if (Mood != Mood.Good)
            throw new StoreUnreachableException("in a mood") { IsSurelyNotWritten = Mood == Mood.Refuses };
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (ReadsFail)
            throw new StoreUnreachableException("in a mood");
        await foreach (var entry in _inner.ReadAsync(fromRevision, cancellation))
            yield return entry;
    }

    public IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation) =>
        _inner.TailAsync(fromRevision, cancellation);

    public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation) =>
        SnapshotsFail ? throw new StoreUnreachableException("in a mood") : _inner.SaveSnapshotAsync(state, cancellation);

    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) => _inner.LoadSnapshotAsync(cancellation);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
