using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>A folder while no coordinator has its lock.</summary>
internal sealed class FileStoreKeeper(string path, FileStoreOptions options, IDisk disk) : IStoreKeeper
{
    private readonly StoreFolder _folder = new(disk, path);

    public string Place => $"folder {path}";

    public Task<StoreLook> LookAsync(CancellationToken cancellation) => Task.FromResult(OnDisk("look into it", Look));

    public Task CloseAsync(StoreClosure closure, CancellationToken cancellation) => LockedAsync("close it", () =>
    {
        if (ClosedFile.Read(_folder) is null)
            ClosedFile.Write(_folder, closure);
    });

    public Task ReopenAsync(CancellationToken cancellation) => LockedAsync("reopen it", () => ClosedFile.Delete(_folder));

    /// <inheritdoc/>
    public async Task WriteAsync(WholeHistory history, StoreClosure import, Action<long> written, CancellationToken cancellation)
    {
        using var held = Lock("import into it");
        var term = OnDisk("import into it", () =>
        {
            var look = Look();
            if (look.Closed is not { IsImport: true } && !look.IsEmpty)
                throw StoreRefusedException.NotEmpty(Place, look.LastRevision);
            ClosedFile.Write(_folder, import);
            Clear();
            return Math.Max(look.Term, history.Term);
        });
        using (var segments = new SegmentWriter(_folder, options))
        {
            var count = 0L;
            await foreach (var entry in history.Entries(cancellation))
            {
                OnDisk($"write entry {entry.Revision}", () => segments.Write(entry));
                written(++count);
            }

            OnDisk("write the journal", segments.End);
        }

        OnDisk("end the import", () =>
        {
            if (history.Snapshot is { } snapshot)
                new Snapshots(_folder, _ => { }).Save(snapshot);
            using (var mark = new AcknowledgedMark(disk, _folder.AcknowledgedFile))
                mark.Write(history.Last.Revision);
            TermFile.Write(_folder, new TermHolder(term, new CoordinatorAddress(import.By, null, null)));
            ClosedFile.Delete(_folder);
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StoreLook Look()
    {
        var holder = TermFile.ReadHolder(_folder);
        var segments = _folder.Segments();
        var newest = segments.LastOrDefault(first => disk.Length(_folder.SegmentFile(first)) > 0);
        var last = Math.Max(AcknowledgedMark.Read(disk, _folder.AcknowledgedFile), Math.Max(newest, _folder.Snapshots().FirstOrDefault()));
        return new StoreLook(ClosedFile.Read(_folder), IsHeld() ? holder?.Address.Name ?? "a coordinator" : null, holder?.Term ?? 0, last);
    }

    private bool IsHeld()
    {
        if (!disk.FileExists(_folder.LockFile))
            return false;
        using var probe = disk.TryLock(_folder.LockFile, "nobody");
        return probe is null;
    }

    /// <summary>What an import that ended early has left.</summary>
    private void Clear()
    {
        disk.Delete(_folder.AcknowledgedFile);
        foreach (var revision in _folder.Snapshots())
            disk.Delete(_folder.SnapshotFile(revision));
        foreach (var first in _folder.Segments())
            disk.Delete(_folder.SegmentFile(first));
        _folder.SyncJournal();
        disk.SyncFolder(path);
    }

    private Task LockedAsync(string doing, Action act)
    {
        using var held = Lock(doing);
        OnDisk(doing, act);
        return Task.CompletedTask;
    }

    private IDisposable Lock(string doing) => OnDisk(doing, () =>
    {
        _folder.Create();
        return disk.TryLock(_folder.LockFile, "pbm store");
    }) ?? throw StoreRefusedException.Led(Place, TermFile.ReadHolder(_folder)?.Address.Name);

    private void OnDisk(string doing, Action act) => OnDisk(doing, () =>
    {
        act();
        return true;
    });

    private T OnDisk<T>(string doing, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnreachableException($"Could not {doing}, {Place}: {e.Message}", e);
        }
    }
}
