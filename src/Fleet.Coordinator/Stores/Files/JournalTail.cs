using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// Follows the journal of a folder that this or another process writes. Files tell nobody that they have grown, so the tail looks every so often at
/// the mark of what is acknowledged: entries beyond it may still be cut off. A segment is read only when the mark has moved, the newest one whole.
/// </summary>
internal static class JournalTail
{
    /// <param name="every">How often it looks, on <paramref name="time"/>.</param>
    public static async IAsyncEnumerable<JournalEntry> FollowAsync(
        StoreFolder folder,
        IAside aside,
        TimeProvider time,
        TimeSpan every,
        long fromRevision,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var next = Math.Max(1, fromRevision); ; await Task.Delay(every, time, cancellation))
        {
            foreach (var entry in await NewAsync(folder, aside, next, cancellation))
            {
                yield return entry;
                next = entry.Revision + 1;
            }
        }
    }

    private static async Task<List<JournalEntry>> NewAsync(StoreFolder folder, IAside aside, long next, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var acknowledged = JournalReader.Reached(() => AcknowledgedMark.Read(folder.Disk, folder.AcknowledgedFile));
        var entries = new List<JournalEntry>();
        if (acknowledged < next)
            return entries;
        try
        {
            await foreach (var entry in JournalReader.ReadAsync(folder, aside, next, acknowledged, cancellation))
                entries.Add(entry);
        }
        catch (StoreUnreachableException)
        {
            // Segments may have been dropped meanwhile, which is nobody's fault.
            ThrowIfDropped(folder, next);
            throw;
        }

        if (entries is [var first, ..] && first.Revision > next)
            throw new OvertakenException(next, first.Revision);
        return entries;
    }

    private static void ThrowIfDropped(StoreFolder folder, long next)
    {
        if (JournalReader.Reached(folder.Segments) is [var oldest, ..] && oldest > next)
            throw new OvertakenException(next, oldest);
    }
}
