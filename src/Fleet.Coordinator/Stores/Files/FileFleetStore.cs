using System.Runtime.CompilerServices;
using Fleet.Coordinator.State;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// A fleet's history in a folder of one host: leadership by a file lock, one <c>fsync</c> per append. A crash at any point loses no acknowledged entry; what it tears is cut
/// at the next campaign, and anything worse refuses to start with <see cref="JournalDamagedException"/>.
/// </summary>
public sealed partial class FileFleetStore(string path, ILogger<FileFleetStore> log, FileStoreOptions options, TimeProvider time) : IFleetStore
{
    private readonly StoreFolder folder = new(path);
    private readonly SemaphoreSlim gate = new(1, 1);
    private FolderLock? held;
    private Journal? journal;
    private long term;
    private bool disposed;

    private Snapshots Snapshots => new(folder, file => SnapshotUnreadable(log, file));

    /// <summary>Waits for the lock, checks the journal, cuts a torn tail, and returns a term above every one on disk. For one caller at a time.</summary>
    /// <exception cref="JournalDamagedException">The folder needs a person.</exception>
    public async Task<long> CampaignAsync(string candidate, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (held is null)
        {
            var mine = await AcquireAsync(candidate, cancellation);
            using (await EnterAsync(CancellationToken.None))
                held = mine;
        }

        using (await EnterAsync(cancellation))
        {
            return Disk("take the leadership", () =>
            {
                var snapshot = Snapshots.Load()?.Map.Version ?? default;
                journal ??= Journal.Open(folder, options, snapshot.Revision, (file, offset, bytes) => TornTailCut(log, file, offset, bytes));
                var next = Math.Max(TermFile.Read(folder), Math.Max(journal.LastTerm, snapshot.Term)) + 1;
                TermFile.Write(folder, next, candidate);
                term = next;
                Leads(log, candidate, next, journal.LastRevision);
                return next;
            });
        }
    }

    /// <inheritdoc/>
    public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        using (await EnterAsync(cancellation))
        {
            Disk($"append entry {entry.Revision}", () =>
            {
                var leading = Leading(entry.Term);
                if (entry.Revision != leading.LastRevision + 1)
                    throw new ArgumentException($"The next revision is {leading.LastRevision + 1}, not {entry.Revision}.", nameof(entry));
                leading.Append(entry);
                return true;
            });
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long to;
        using (await EnterAsync(cancellation))
        {
            Disk("cut off what a failed write has left", () =>
            {
                journal?.CutTorn();
                return true;
            });
            to = journal?.LastRevision ?? long.MaxValue;
        }

        await foreach (var entry in JournalReader.ReadAsync(folder, fromRevision, to, cancellation))
            yield return entry;
    }

    /// <inheritdoc/>
    public async Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation)
    {
        var version = state.Map.Version;
        var doing = $"save the snapshot of revision {version.Revision}";
        using (await EnterAsync(cancellation))
        {
            var last = Disk(doing, () => Leading(term).LastRevision);
            if (version.Revision > last)
                throw new ArgumentException($"Revision {version.Revision} has not been appended; the last is {last}.", nameof(state));
        }

        // Out of turn: appends need not wait for a large state to be written.
        await Task.Run(() => Disk(doing, () => Snapshots.Save(state)), cancellation);
        using (await EnterAsync(cancellation))
        {
            Disk(doing, () =>
            {
                var leading = Leading(term);
                leading.Roll();
                leading.DropUpTo(Snapshots.DropOld());
                return true;
            });
        }
    }

    /// <inheritdoc/>
    public Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation) =>
        Task.Run(() => Disk("load a snapshot", Snapshots.Load), cancellation);

    /// <summary>Lets go of the leadership.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        using (await EnterAsync(CancellationToken.None))
        {
            disposed = true;
            StepDown();
        }
    }

    private async Task<FolderLock> AcquireAsync(string candidate, CancellationToken cancellation)
    {
        var waited = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var acquired = Disk("take the lock", () =>
            {
                folder.Create();
                return FolderLock.TryAcquire(folder.LockFile, candidate);
            });
            if (acquired is not null)
                return acquired;
            if (!waited)
                Waiting(log, candidate, folder.LockFile);
            waited = true;
            await Task.Delay(options.LockRetry, time, cancellation);
        }
    }

    /// <summary>The journal, if a write of this term is allowed now.</summary>
    private Journal Leading(long writing)
    {
        var current = TermFile.Read(folder);
        if (journal is not null && term == current && writing == term)
            return journal;
        if (term != current)
            StepDown();
        if (writing > current)
            throw new ArgumentException($"Term {writing} was given to nobody; the current one is {current}.", nameof(writing));
        throw new FencedException(writing, current);
    }

    private void StepDown()
    {
        journal?.Dispose();
        held?.Dispose();
        (journal, held, term) = (null, null, 0);
    }

    /// <summary>A write that failed is surely undone when nothing is left of it, be it because it never began or because it was cut off again.</summary>
    private T Disk<T>(string doing, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnreachableException($"Could not {doing}: {e.Message}", e) { IsSurelyNotWritten = journal is not { IsTorn: true } };
        }
    }

    private async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        await gate.WaitAsync(cancellation);
        return new Turn(gate);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Candidate} leads with term {Term}; the journal ends at revision {Revision}.")]
    private static partial void Leads(ILogger logger, string candidate, long term, long revision);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Candidate} waits for {File}: another coordinator holds it.")]
    private static partial void Waiting(ILogger logger, string candidate, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cut {Bytes} bytes of an entry that was never acknowledged from {File} at byte {Offset}.")]
    private static partial void TornTailCut(ILogger logger, string file, long offset, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The snapshot {File} cannot be read; an older one and the journal take its place.")]
    private static partial void SnapshotUnreadable(ILogger logger, string file);

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
