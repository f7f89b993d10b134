using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// The journal as its one writer sees it: segments that start at a known revision, of which the last is appended to. Its creator holds the folder's
/// lock. Members throw <see cref="IOException"/> when the disk does not do its part; the journal is then as before the call, or the next call makes
/// it so.
/// </summary>
internal sealed class JournalFiles : IDisposable
{
    private readonly StoreFolder _folder;
    private readonly FileStoreOptions _options;
    private readonly AcknowledgedMark _mark;
    private IDiskFile _file;
    private long _length;
    private bool _torn;

    /// <summary>The next segment may be there already, under the revision that it begins with: nothing is appended to this one any more.</summary>
    private bool _rolling;

    private JournalFiles(StoreFolder folder, FileStoreOptions options, long firstRevision)
    {
        _folder = folder;
        _options = options;
        _file = folder.Disk.Open(folder.SegmentFile(firstRevision));
        _mark = new AcknowledgedMark(folder.Disk, folder.AcknowledgedFile);
    }

    /// <summary>0 while there is none.</summary>
    public long LastRevision { get; private set; }

    /// <summary>The term of the last entry; 0 while there is none.</summary>
    public long LastTerm { get; private set; }

    /// <summary>A write failed, and what it left could not be cut off yet: a crash now may leave that entry on disk or not.</summary>
    public bool IsTorn => _torn;

    /// <summary>Checks every segment and cuts a torn tail.</summary>
    /// <param name="snapshot">The revision of the newest readable snapshot, or 0.</param>
    /// <param name="cut">Called for a torn tail: file, offset and number of bytes.</param>
    /// <exception cref="JournalDamagedException">The journal is not what was acknowledged; nothing was changed.</exception>
    public static JournalFiles Open(StoreFolder folder, FileStoreOptions options, long snapshot, Action<string, long, long> cut)
    {
        var segments = folder.Segments();
        var acknowledged = AcknowledgedMark.Read(folder.Disk, folder.AcknowledgedFile);
        if (segments.Length == 0)
        {
            if (acknowledged > snapshot)
                throw Gap(folder.SegmentFile(snapshot + 1), snapshot + 1, acknowledged + 1);
            var empty = new JournalFiles(folder, options, snapshot + 1) { LastRevision = snapshot };
            empty.AcceptTail([]);
            return empty;
        }

        if (segments[0] > snapshot + 1)
            throw Gap(folder.SegmentFile(segments[0]), snapshot + 1, segments[0]);
        var (lastRevision, lastTerm) = (segments[0] - 1, 0L);
        var (goodLength, size) = (0, 0);
        byte[] newest = [];
        foreach (var first in segments)
        {
            var path = folder.SegmentFile(first);
            if (first != lastRevision + 1)
                throw Gap(path, lastRevision + 1, first);
            var bytes = folder.Disk.ReadAll(path);
            var scan = JournalReader.Scan(folder, bytes, first, last: first == segments[^1]);
            lastRevision += scan.Lines.Length;
            lastTerm = scan.Lines.IsEmpty ? lastTerm : JournalReader.Parse(path, scan.Lines[^1]).Term;
            (goodLength, size) = (scan.GoodLength, bytes.Length);
            newest = scan.Lines.IsEmpty ? [] : bytes[scan.Lines[^1].Offset..goodLength];
        }

        if (lastRevision < snapshot)
            throw Gap(folder.SegmentFile(segments[^1]), lastRevision + 1, snapshot + 1);
        if (lastRevision < acknowledged)
        {
            throw new JournalDamagedException(
                folder.SegmentFile(segments[^1]),
                goodLength,
                $"it ends with revision {lastRevision}, and {acknowledged} has been acknowledged.",
                JournalRemedy.For(folder, segments[^1], goodLength, lastRevision));
        }

        var isTorn = size > goodLength;
        var journal = new JournalFiles(folder, options, segments[^1])
        {
            LastRevision = lastRevision,
            LastTerm = lastTerm,
            _length = goodLength,
            _torn = isTorn,
        };
        if (isTorn)
            cut(folder.SegmentFile(segments[^1]), goodLength, size - goodLength);
        journal.AcceptTail(newest);
        journal._mark.Write(lastRevision);
        return journal;
    }

    /// <summary>Returns when the entry is on stable storage.</summary>
    public void Append(JournalEntry entry)
    {
        CutTorn();
        var line = SealedLine.Seal(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));
        if (_rolling || (_length > 0 && _length + line.Length > _options.SegmentBytesMax))
            Roll();
        try
        {
            _file.Write(line, _length);
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _torn = true;
            TryCutTorn();
            throw;
        }

        _length += line.Length;
        LastRevision = entry.Revision;
        LastTerm = entry.Term;
        _mark.Write(entry.Revision);
    }

    /// <summary>Lets the next entry begin a segment of its own.</summary>
    public void Roll()
    {
        CutTorn();
        if (_length == 0)
            return;
        _rolling = true;
        var next = _folder.Disk.Open(_folder.SegmentFile(LastRevision + 1));
        try
        {
            _folder.SyncJournal();
        }
        catch (IOException)
        {
            next.Dispose();
            throw;
        }

        _file.Dispose();
        (_file, _length, _rolling) = (next, 0, false);
    }

    /// <summary>
    /// Deletes segments of which no entry is above <paramref name="revision"/> or among the newest <see cref="FileStoreOptions.EntriesKept"/>.
    /// </summary>
    public void DropUpTo(long revision)
    {
        var segments = _folder.Segments();
        var limit = Math.Min(revision, LastRevision - _options.EntriesKept);
        for (var i = 0; i + 1 < segments.Length && segments[i + 1] - 1 <= limit; i++)
        {
            // Deleted one after the other on the disk too: a crash that brought back an older one without the next would leave a gap.
            _folder.Disk.Delete(_folder.SegmentFile(segments[i]));
            _folder.SyncJournal();
        }
    }

    /// <summary>Cuts off what a failed write has left, durably. Throws where the disk still refuses.</summary>
    public void CutTorn()
    {
        if (!_torn)
            return;
        _file.Cut(_length);
        _file.Flush();
        _torn = false;
    }

    public void Dispose()
    {
        _file.Dispose();
        _mark.Dispose();
    }

    private static JournalDamagedException Gap(string path, long expected, long found) =>
        new(
            path,
            0,
            $"revisions {expected} to {found - 1} are missing.",
            "Restore the folder from a backup: the fleet's state cannot be known without them.");

    /// <summary>
    /// What was read may be only in the host's memory, left there by a process that was killed. It is put on stable storage, as is its name, before
    /// anybody builds on it. The newest entry is written again: a host whose disk has refused it once takes it for written, and another flush would
    /// do nothing.
    /// </summary>
    private void AcceptTail(ReadOnlySpan<byte> newest)
    {
        try
        {
            CutTorn();
            if (!newest.IsEmpty)
                _file.Write(newest, _length - newest.Length);
            _file.Flush();
            _folder.SyncJournal();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void TryCutTorn()
    {
        try
        {
            CutTorn();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next call tries again, before it writes anything.
        }
    }
}
