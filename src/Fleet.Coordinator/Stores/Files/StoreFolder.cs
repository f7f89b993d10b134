using System.Globalization;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// The files of a store and how they are named: <c>lock</c>, <c>term</c>, <c>acknowledged</c>, <c>closed</c>,
/// <c>journal/FIRST-REVISION.log</c>, <c>snapshot-REVISION.json</c>; revisions have twenty digits, so that names sort as numbers do.
/// </summary>
internal sealed class StoreFolder(IDisk disk, string path)
{
    private const string SnapshotPrefix = "snapshot-";

    public IDisk Disk => disk;

    public string Path => path;

    public string LockFile => System.IO.Path.Combine(path, "lock");

    public string AcknowledgedFile => System.IO.Path.Combine(path, "acknowledged");

    public string TermFile => System.IO.Path.Combine(path, "term");

    public string ClosedFile => System.IO.Path.Combine(path, "closed");

    private string JournalFolder => System.IO.Path.Combine(path, "journal");

    public string SegmentFile(long firstRevision) => System.IO.Path.Combine(JournalFolder, $"{firstRevision:d20}.log");

    public string SnapshotFile(long revision) => System.IO.Path.Combine(path, $"{SnapshotPrefix}{revision:d20}.json");

    /// <summary>First revisions of the segments, lowest first.</summary>
    public long[] Segments() => Revisions(JournalFolder, "", ".log");

    /// <summary>Revisions of the snapshots, newest first.</summary>
    public long[] Snapshots() => [.. Revisions(path, SnapshotPrefix, ".json").Reverse()];

    public void Create()
    {
        disk.CreateFolder(JournalFolder);
        disk.SyncFolder(path);
    }

    /// <summary>Makes the names of new segments, and the removal of others, durable.</summary>
    public void SyncJournal() => disk.SyncFolder(JournalFolder);

    /// <summary>Replaces a file of the folder, and returns when the new one would survive a power failure.</summary>
    public void Replace(string file, ReadOnlySpan<byte> bytes)
    {
        disk.Replace(file, bytes);
        disk.SyncFolder(path);
    }

    private long[] Revisions(string folder, string prefix, string suffix) =>
    [
        .. disk.Files(folder)
            .Where(name =>
                name.Length > prefix.Length + suffix.Length
                    && name.StartsWith(prefix, StringComparison.Ordinal)
                    && name.EndsWith(suffix, StringComparison.Ordinal))
            .Select(name =>
                long.TryParse(name[prefix.Length..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
                    ? revision
                    : -1)
            .Where(revision => revision >= 0)
            .Order(),
    ];
}
