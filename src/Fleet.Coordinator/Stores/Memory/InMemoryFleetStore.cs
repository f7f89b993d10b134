using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;

namespace Fleet.Coordinator.Stores.Memory;

/// <summary>
/// A store that forgets: coordinators that share one <see cref="Memory"/> share a history. All but a campaign that waits for another leader's end is
/// done when the call returns.
/// </summary>
public sealed class InMemoryFleetStore(InMemoryFleetStore.Memory memory, TimeProvider time) : IFleetStore
{
    private bool _disposed;

    public async Task<long> CampaignAsync(string candidate, CancellationToken cancellation)
    {
        while (true)
        {
            lock (memory)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (memory.Leader is null || memory.Leader == this)
                {
                    memory.Leader = this;
                    return ++memory.Term;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancellation);
        }
    }

    public Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        lock (memory)
        {
            Fence(entry.Term);
            if (entry.Revision != memory.Entries.Count + 1)
                throw new ArgumentException($"The next revision is {memory.Entries.Count + 1}.", nameof(entry));
            memory.Entries.Add(entry);
            return Task.CompletedTask;
        }
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        JournalEntry[] entries;
        lock (memory)
            entries = [.. memory.Entries.Where(e => e.Revision >= fromRevision)];
        foreach (var entry in entries)
            yield return entry;
    }

    public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation)
    {
        lock (memory)
        {
            Fence(memory.Term);
            if (state.Map.Version.Revision > memory.Entries.Count)
                throw new ArgumentException("Not appended.", nameof(state));
            memory.Snapshot = state;
            return Task.CompletedTask;
        }
    }

    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation)
    {
        lock (memory)
            return Task.FromResult(memory.Snapshot);
    }

    public ValueTask DisposeAsync()
    {
        lock (memory)
        {
            _disposed = true;
            memory.Leader = memory.Leader == this ? null : memory.Leader;
        }

        return ValueTask.CompletedTask;
    }

    private void Fence(long term)
    {
        if (memory.Leader != this || term < memory.Term)
            throw new FencedException(term, memory.Term);
    }

    /// <summary>What these coordinators share.</summary>
    public sealed class Memory
    {
        public List<JournalEntry> Entries { get; } = [];

        public FleetState? Snapshot { get; set; }

        public long Term { get; set; }

        public InMemoryFleetStore? Leader { get; set; }
    }
}
