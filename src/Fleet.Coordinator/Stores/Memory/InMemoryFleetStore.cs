using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Memory;

/// <summary>
/// A store that forgets: coordinators that share one <see cref="Memory"/> share a history. Everything is done when the call returns, except a
/// campaign that waits for another leader's end.
/// </summary>
internal sealed class InMemoryFleetStore(InMemoryFleetStore.Memory memory, TimeProvider time) : IFleetStore
{
    private const int Kept = 1000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly MonotonicClock _clock = new(time);
    private Leadership? _leadership;
    private bool _disposed;

    /// <summary>Who this store leads for; null until it has campaigned.</summary>
    private CoordinatorAddress? Candidate { get; set; }

    public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        while (true)
        {
            lock (memory)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (memory.Leader is null || memory.Leader == this)
                {
                    (memory.Leader, Candidate) = (this, candidate);
                    _leadership?.End();
                    return _leadership = new Leadership(++memory.Term, Instant.Forever, _clock);
                }
            }

            await Task.Delay(LookEvery, time, cancellation);
        }
    }

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation)
    {
        lock (memory)
            return Task.FromResult(memory.Leader is { Candidate: { } candidate } ? new TermHolder(memory.Term, candidate) : null);
    }

    public Task DeposeAsync(long term, CancellationToken cancellation)
    {
        lock (memory)
        {
            if (memory.Leader is { } leader && memory.Term == term)
            {
                leader._leadership?.End();
                memory.Leader = null;
            }

            return Task.CompletedTask;
        }
    }

    public Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        lock (memory)
        {
            Fence(entry.Term);
            if (entry.Revision != memory.LastRevision + 1)
                throw new ArgumentException($"The next revision is {memory.LastRevision + 1}.", nameof(entry));
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

    public async IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var next = Math.Max(1, fromRevision); ; await Task.Delay(LookEvery, time, cancellation))
        {
            JournalEntry[] entries;
            lock (memory)
            {
                if (next <= memory.Dropped)
                    throw new OvertakenException(next, memory.Dropped + 1);
                entries = [.. memory.Entries.Where(e => e.Revision >= next)];
            }

            foreach (var entry in entries)
                yield return entry;
            next += entries.Length;
        }
    }

    public Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation)
    {
        lock (memory)
        {
            Fence(memory.Term);
            if (state.Map.Version.Revision > memory.LastRevision)
                throw new ArgumentException("Not appended.", nameof(state));
            memory.Snapshot = state;
            memory.DropUpTo(Math.Min(state.Map.Version.Revision, memory.LastRevision - Kept));
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
            _leadership?.End();
            memory.Leader = memory.Leader == this ? null : memory.Leader;
        }

        return ValueTask.CompletedTask;
    }

    private void Fence(long term)
    {
        if (memory.Leader != this)
            _leadership?.End();
        if (memory.Leader != this || term < memory.Term)
            throw new FencedException(term, memory.Term);
    }

    /// <summary>What these coordinators share.</summary>
    public sealed class Memory
    {
        /// <summary>Those that have not been dropped.</summary>
        public List<JournalEntry> Entries { get; } = [];

        /// <summary>How many entries, the oldest, are gone.</summary>
        public long Dropped { get; private set; }

        public long LastRevision => Dropped + Entries.Count;

        public FleetState? Snapshot { get; set; }

        public long Term { get; set; }

        public InMemoryFleetStore? Leader { get; set; }

        public void DropUpTo(long revision)
        {
            var count = (int)Math.Max(0, revision - Dropped);
            Entries.RemoveRange(0, count);
            Dropped += count;
        }
    }
}
