using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// The files of a store and how they are named: <c>lock</c>, <c>term</c>, <c>acknowledged</c>, <c>journal/FIRST-REVISION.log</c>, <c>snapshot-REVISION.json</c>; revisions have twenty
/// digits, so that names sort as numbers do.
/// </summary>
public sealed class StoreFolder(string path)
{
    private const string SnapshotPrefix = "snapshot-";

    public string Path => path;

    public string LockFile => System.IO.Path.Combine(path, "lock");

    public string AcknowledgedFile => System.IO.Path.Combine(path, "acknowledged");

    public string TermFile => System.IO.Path.Combine(path, "term");

    private string JournalFolder => System.IO.Path.Combine(path, "journal");

    public string SegmentFile(long firstRevision) => System.IO.Path.Combine(JournalFolder, $"{firstRevision:d20}.log");

    public string SnapshotFile(long revision) => System.IO.Path.Combine(path, $"{SnapshotPrefix}{revision:d20}.json");

    /// <summary>First revisions of the segments, lowest first.</summary>
    public long[] Segments() => Revisions(JournalFolder, "", ".log");

    /// <summary>Revisions of the snapshots, newest first.</summary>
    public long[] Snapshots() => [.. Revisions(path, SnapshotPrefix, ".json").Reverse()];

    public void Create()
    {
        Directory.CreateDirectory(JournalFolder);
        Sync(path);
    }

    /// <summary>Makes the names of new segments durable.</summary>
    public void SyncJournal() => Sync(JournalFolder);

    /// <summary>Replaces a file of the folder: after a crash at any point it holds either all of the old bytes or all of the new ones.</summary>
    public void Replace(string file, ReadOnlySpan<byte> bytes)
    {
        var temporary = file + ".new";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(temporary);
            throw;
        }

        Sync(path);
    }

    private static long[] Revisions(string folder, string prefix, string suffix)
    {
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFiles(folder, $"{prefix}*{suffix}")
            .Select(file => System.IO.Path.GetFileName(file)[prefix.Length..^suffix.Length])
            .Select(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : -1)
            .Where(revision => revision >= 0)
            .Order()];
    }

    /// <summary>A new name is durable once its folder is; .NET opens no folders, so this asks the C library. Elsewhere than on Unix there is nothing to do.</summary>
    private static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = OpenDescriptor(Encoding.UTF8.GetBytes(folder + "\0"), 0);
        if (descriptor < 0)
            throw new IOException($"Could not open the folder {folder}: {Marshal.GetLastPInvokeErrorMessage()}.");
        var synced = SyncDescriptor(descriptor);
        var reason = Marshal.GetLastPInvokeErrorMessage();
        _ = CloseDescriptor(descriptor);
        if (synced != 0)
            throw new IOException($"Could not sync the folder {folder}: {reason}.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int OpenDescriptor(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SyncDescriptor(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int CloseDescriptor(int descriptor);
}
