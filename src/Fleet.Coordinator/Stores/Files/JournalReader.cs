using System.Runtime.CompilerServices;
using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// Reads the segments of a folder in order. It takes no lock: while another process appends, it sees the journal as of some moment.
/// </summary>
internal static class JournalReader
{
    /// <summary>The bytes of one segment, judged. Only the last segment may end torn.</summary>
    /// <exception cref="JournalDamagedException">It is damaged, or torn and not the last.</exception>
    public static SegmentScan Scan(StoreFolder folder, ReadOnlyMemory<byte> bytes, long firstRevision, bool last)
    {
        var file = folder.SegmentFile(firstRevision);
        var scan = SegmentScan.Scan(bytes);
        var expected = firstRevision;
        foreach (var line in scan.Lines)
        {
            if (line.Revision != expected)
            {
                throw new JournalDamagedException(
                    file,
                    line.Offset,
                    $"revision {expected} was expected and {line.Revision} found.",
                    JournalRemedy.For(folder, firstRevision, line.Offset, expected - 1));
            }

            expected++;
        }

        if (scan.GoodLength == 0)
            SealedLine.RefuseOther(file, bytes.Span);
        if (scan.End == SegmentEnd.Damaged || (scan.End == SegmentEnd.Torn && !last))
        {
            throw new JournalDamagedException(
                file,
                scan.GoodLength,
                $"entry {expected} is damaged, and no crash leaves it like that: it has been acknowledged.",
                JournalRemedy.For(folder, firstRevision, scan.GoodLength, expected - 1));
        }

        return scan;
    }

    public static JournalEntry Parse(string file, SegmentLine line)
    {
        try
        {
            return JsonSerializer.Deserialize(line.Json.Span, JournalJson.Default.JournalEntry) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new JournalDamagedException(
                file,
                line.Offset,
                $"entry {line.Revision} is intact but not understood: {e.Message}",
                "Use the version of Fleet that wrote it, or a newer one.");
        }
    }

    /// <summary>
    /// Entries of at least <paramref name="from"/> and at most <paramref name="to"/>. Where the first ones have been dropped, it starts at the oldest
    /// that is kept.
    /// </summary>
    public static async IAsyncEnumerable<JournalEntry> ReadAsync(
        StoreFolder folder, IAside aside, long from, long to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var segments = Reached(folder.Segments);
        var start = Math.Max(0, Array.FindLastIndex(segments, first => first <= from));
        var next = 0L;
        for (var i = start; i < segments.Length && segments[i] <= to; i++)
        {
            var file = folder.SegmentFile(segments[i]);
            cancellation.ThrowIfCancellationRequested();
            var bytes = await aside.RunAsync("journal", () => Reached(() => ReadFile(folder.Disk, file)));
            if (bytes is null && next == 0)
                continue;
            if (bytes is null || (next != 0 && next != segments[i]))
                throw new StoreUnreachableException(
                    $"Entries from revision {next} on were dropped while they were being read. Start again from the newest snapshot.");
            var scan = Scan(folder, bytes, segments[i], last: i == segments.Length - 1);
            next = segments[i] + scan.Lines.Length;
            foreach (var line in scan.Lines.Where(line => line.Revision >= from && line.Revision <= to))
                yield return Parse(file, line);
        }
    }

    private static byte[]? ReadFile(IDisk disk, string file)
    {
        try
        {
            return disk.ReadAll(file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="StoreUnreachableException">The disk did not do it.</exception>
    internal static T Reached<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnreachableException($"The journal could not be read: {e.Message}", e);
        }
    }
}
