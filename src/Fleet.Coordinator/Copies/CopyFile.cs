using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;

namespace Fleet.Coordinator.Copies;

/// <summary>A copy on this host's disk.</summary>
internal static class CopyFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Reads all of it: whoever has the result knows that it is whole, and that a leader could begin with it.</summary>
    /// <exception cref="JournalDamagedException">It is not.</exception>
    public static async Task<CheckedCopy> CheckAsync(string file, Action<long> read, CancellationToken cancellation)
    {
        var fold = new HistoryFold();
        var (header, end) = ((CopyHeader?)null, (CopyEnd?)null);
        await using var stream = Open(file);
        await foreach (var line in CopyReader.ReadAsync(file, stream, cancellation))
        {
            (header, end) = (line.Header ?? header, line.End ?? end);
            if (line.Snapshot is { } snapshot)
                fold.Begin(snapshot);
            if (line.Entry is { } entry && fold.Take(entry) is { } mistake)
                throw Damaged(file, mistake);
            if (line.Entry is not null)
                read(fold.Entries);
        }

        if (fold.End() is { } unfit)
            throw Damaged(file, unfit);
        if (end!.Entries != fold.Entries || end.Revision != fold.Last.Revision || end.Term < fold.Last.Term)
            throw Damaged(file, "its end does not fit its entries");
        return new CheckedCopy(file, header!, end, fold.Snapshot, fold.State, fold.FirstRevision, fold.Last);
    }

    public static async IAsyncEnumerable<JournalEntry> EntriesAsync(string file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = Open(file);
        await foreach (var line in CopyReader.ReadAsync(file, stream, cancellation))
        {
            if (line.Entry is { } entry)
                yield return entry;
        }
    }

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, useAsync: true);

    private static JournalDamagedException Damaged(string file, string what) => new(file, 0, $"{what}.", "Use another copy: nothing was changed.");
}

/// <summary>What a copy holds, all of it read and folded.</summary>
/// <param name="State">What it folds to.</param>
internal sealed record CheckedCopy(
    string File, CopyHeader Header, CopyEnd End, FleetState? Snapshot, FleetState State, long FirstRevision, Shared.Model.MapVersion Last)
{
    public string Cluster => State.Map.Policy.Cluster;
}
