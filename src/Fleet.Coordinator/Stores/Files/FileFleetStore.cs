using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// A fleet's history in a folder of one host: leadership by a file lock, one <c>fsync</c> per append. A crash at any point loses no acknowledged
/// entry. A torn end is cut at the next campaign; on anything worse the store refuses to start with <see cref="JournalDamagedException"/>.
/// </summary>
internal sealed partial class FileFleetStore(
    string path, FileStoreOptions options, IDisk disk, IAside aside, TimeProvider time, ILogger<FileFleetStore> log) : IFleetStore
{
    private readonly StoreFolder _folder = new(disk, path);
    private readonly Turns _turns = new();
    private readonly MonotonicClock _clock = new(time);
    private IDisposable? _held;
    private Leadership? _leadership;
    private TermHolder? _holder;

    /// <summary>A campaign of this store waits: the holder of the lock leads, and trying the lock again would only be in the way.</summary>
    private bool _isWaiting;

    private JournalFiles? _journal;
    private long _term;
    private bool _disposed;

    private Snapshots Snapshots => new(_folder, file => SnapshotUnreadable(log, file));

    /// <summary>
    /// Waits for the lock, checks the journal, cuts a torn tail, and returns a term above every one on disk. For one caller at a time. The kernel
    /// keeps the lock while this process lives, even while it is stopped, so the leadership never runs out.
    /// </summary>
    /// <exception cref="JournalDamagedException">The folder needs a person.</exception>
    /// <exception cref="StoreClosedException">The fleet has moved elsewhere.</exception>
    public async Task<Leadership> CampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_held is null)
        {
            await AcquireAsync(candidate, cancellation);
        }

        using (await EnterAsync(cancellation))
        {
            return OnDisk("take the leadership", () =>
            {
                RefuseClosed();
                var snapshot = Snapshots.Load()?.Map.Version ?? default;
                _journal ??= JournalFiles.Open(_folder, options, snapshot.Revision, (file, offset, bytes) => TornTailCut(log, file, offset, bytes));
                var next = Math.Max(TermFile.Read(_folder), Math.Max(_journal.LastTerm, snapshot.Term)) + 1;
                _holder = new TermHolder(next, candidate);
                TermFile.Write(_folder, _holder);
                _term = next;
                _leadership?.End();
                _leadership = new Leadership(next, Instant.Forever, _clock);
                Leads(log, candidate, next, _journal.LastRevision);
                return _leadership;
            });
        }
    }

    /// <summary>
    /// The holder of the lock, by the term file. For a moment, between taking the lock and writing the file, this is the leader before.
    /// </summary>
    public async Task<TermHolder?> LeaderAsync(CancellationToken cancellation)
    {
        using (await EnterAsync(cancellation))
        {
            if (_held is not null)
                return _leadership is { Ended.IsCancellationRequested: false } ? _holder : null;
            return OnDisk("find out who leads", () => IsHeldElsewhere() ? TermFile.ReadHolder(_folder) : null);
        }
    }

    /// <summary>Does nothing: the kernel takes the lock from a process that dies, at once, and from one that lives nobody can.</summary>
    public Task DeposeAsync(long term, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        using (await EnterAsync(cancellation))
        {
            OnDisk($"append entry {entry.Revision}", () =>
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
            OnDisk("cut off what a failed write has left", () =>
            {
                _journal?.CutTorn();
                return true;
            });
            to = _journal?.LastRevision ?? long.MaxValue;
        }

        await foreach (var entry in JournalReader.ReadAsync(_folder, aside, fromRevision, to, cancellation))
            yield return entry;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalEntry> TailAsync(long fromRevision, CancellationToken cancellation) =>
        JournalTail.FollowAsync(_folder, aside, time, options.TailEvery, fromRevision, cancellation);

    /// <inheritdoc/>
    public async Task SaveSnapshotAsync(FleetState state, CancellationToken cancellation)
    {
        var version = state.Map.Version;
        var doing = $"save the snapshot of revision {version.Revision}";
        using (await EnterAsync(cancellation))
        {
            var last = OnDisk(doing, () => Leading(_term).LastRevision);
            if (version.Revision > last)
                throw new ArgumentException($"Revision {version.Revision} has not been appended; the last is {last}.", nameof(state));
        }

        // Out of turn: appends need not wait for a large state to be written.
        cancellation.ThrowIfCancellationRequested();
        await aside.RunAsync("snapshot", () => OnDisk(doing, () => Snapshots.Save(state)));
        using (await EnterAsync(cancellation))
        {
            OnDisk(doing, () =>
            {
                var leading = Leading(_term);
                leading.Roll();
                leading.DropUpTo(Snapshots.DropOld());
                return true;
            });
        }
    }

    /// <inheritdoc/>
    public async Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return await aside.RunAsync("snapshot", () => OnDisk("load a snapshot", Snapshots.Load));
    }

    /// <summary>Lets go of the leadership.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        using (await _turns.TakeAsync(CancellationToken.None))
        {
            _disposed = true;
            StepDown();
        }
    }

    private async Task AcquireAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        OnDisk("take the lock", () =>
        {
            _folder.Create();
            return true;
        });
        try
        {
            for (; !await TryAcquireAsync(candidate, cancellation); _isWaiting = true)
            {
                if (!_isWaiting)
                    Waiting(log, candidate, _folder.LockFile);
                await Task.Delay(options.LockRetry, time, cancellation);
            }
        }
        finally
        {
            _isWaiting = false;
        }
    }

    /// <summary>In turn: a store that is disposed of meanwhile must not end up with a lock that nobody lets go of.</summary>
    private async Task<bool> TryAcquireAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        using (await EnterAsync(cancellation))
        {
            _held = OnDisk("take the lock", () => disk.TryLock(_folder.LockFile, $"{candidate}"));
            return _held is not null;
        }
    }

    private bool IsHeldElsewhere()
    {
        if (_isWaiting)
            return true;
        if (!disk.FileExists(_folder.LockFile))
            return false;
        using var probe = disk.TryLock(_folder.LockFile, "nobody");
        return probe is null;
    }

    /// <summary>The journal, if a write of this term is allowed now.</summary>
    private JournalFiles Leading(long writing)
    {
        var current = TermFile.Read(_folder);
        if (_journal is not null && _term == current && writing == _term)
            return _journal;
        if (_term != current)
            StepDown();
        if (writing > current)
            throw new ArgumentException($"Term {writing} was given to nobody; the current one is {current}.", nameof(writing));
        throw new FencedException(writing, current);
    }

    private void RefuseClosed()
    {
        if (ClosedFile.Read(_folder) is not { } closure)
            return;
        StepDown();
        throw new StoreClosedException($"folder {_folder.Path}", closure);
    }

    private void StepDown()
    {
        _leadership?.End();
        _journal?.Dispose();
        _held?.Dispose();
        (_journal, _held, _term) = (null, null, 0);
    }

    /// <summary>A write that failed is surely undone when nothing is left of it, because it never began or was cut off again.</summary>
    private T OnDisk<T>(string doing, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnreachableException($"Could not {doing}: {e.Message}", e) { IsSurelyNotWritten = _journal is not { IsTorn: true } };
        }
    }

    private async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        var turn = await _turns.TakeAsync(cancellation);
        if (!_disposed)
            return turn;
        turn.Dispose();
        throw new ObjectDisposedException(nameof(FileFleetStore));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Candidate} leads with term {Term}; the journal ends at revision {Revision}.")]
    private static partial void Leads(ILogger logger, CoordinatorAddress candidate, long term, long revision);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Candidate} waits for {File}: another coordinator holds it.")]
    private static partial void Waiting(ILogger logger, CoordinatorAddress candidate, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cut {Bytes} bytes of an entry that was never acknowledged from {File} at byte {Offset}.")]
    private static partial void TornTailCut(ILogger logger, string file, long offset, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The snapshot {File} cannot be read; an older one and the journal take its place.")]
    private static partial void SnapshotUnreadable(ILogger logger, string file);
}
