using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Copies;

/// <summary>Where a history is copied from.</summary>
/// <param name="Place">For people.</param>
/// <param name="LoadAsync">The newest snapshot.</param>
/// <param name="ReadAsync">The entries from a revision on that are still there; they reach the snapshot.</param>
internal sealed record HistorySource(
    string Place, Func<CancellationToken, Task<FleetState?>> LoadAsync, Func<long, CancellationToken, IAsyncEnumerable<JournalEntry>> ReadAsync)
{
    /// <summary>
    /// Entries that the snapshot covers are left out, but for the newest: nobody needs them to lead, and they may be damaged.
    /// </summary>
    public bool FromSnapshot { get; init; }

    public static HistorySource Of(IFleetStore store, string place) => new(place, store.LoadSnapshotAsync, store.ReadAsync);
}

/// <summary>Copies a history into a file that is there only when it is whole.</summary>
/// <param name="written">Told how many entries there are so far.</param>
internal sealed class StoreExport(HistorySource source, string file, TimeProvider time, Action<long> written)
{
    private const int TriesMax = 5;

    /// <param name="isFinal">The source is closed.</param>
    /// <param name="term">The highest that the source knows of.</param>
    /// <param name="reaches">A revision that must be there.</param>
    public async Task<CheckedCopy> WriteAsync(bool isFinal, long term, long reaches, CancellationToken cancellation)
    {
        var draft = $"{file}.partial";
        try
        {
            await using (var stream = Create(draft))
            {
                await DraftAsync(stream, isFinal, term, reaches, cancellation);
                stream.Flush(flushToDisk: true);
            }

            var copy = await CopyFile.CheckAsync(draft, _ => { }, cancellation);
            File.Move(draft, file);
            return copy with { File = file };
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Nobody else may read it: it names people, and every address of the fleet.</summary>
    private static FileStream Create(string draft) => new(draft, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        Options = FileOptions.Asynchronous,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    /// <summary>A leader may save a snapshot, and drop entries, between reading the one and the others: then both are read again.</summary>
    private async Task DraftAsync(FileStream stream, bool isFinal, long term, long reaches, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            stream.SetLength(0);
            if (await TryAsync(stream, isFinal, term, reaches, cancellation) is not { } mistake)
                return;
            if (tries == TriesMax)
                throw new StoreRefusedException($"What is in {source.Place} cannot be copied: {mistake}.");
        }
    }

    private async Task<string?> TryAsync(FileStream stream, bool isFinal, long term, long reaches, CancellationToken cancellation)
    {
        using var writer = new CopyWriter(stream);
        var fold = new HistoryFold();
        await writer.WriteAsync(new CopyLine { Header = new CopyHeader(CopyHeader.Newest, source.Place, time.GetUtcNow()) }, cancellation);
        if (await source.LoadAsync(cancellation) is { } snapshot)
        {
            fold.Begin(snapshot);
            await writer.WriteAsync(new CopyLine { Snapshot = snapshot }, cancellation);
        }

        var from = source.FromSnapshot ? Math.Max(1, fold.State.Map.Version.Revision) : 1;
        await foreach (var entry in source.ReadAsync(from, cancellation))
        {
            if (fold.Take(entry) is { } mistake)
                return mistake;
            await writer.WriteAsync(new CopyLine { Entry = entry }, cancellation);
            written(fold.Entries);
        }

        if (fold.End() is { } unfit)
            return unfit;
        if (fold.Last.Revision < reaches)
            return $"it ends with revision {fold.Last.Revision}, and {reaches} has been acknowledged";
        await writer.EndAsync(fold.Entries, Math.Max(term, fold.Last.Term), fold.Last.Revision, isFinal, cancellation);
        return null;
    }
}
