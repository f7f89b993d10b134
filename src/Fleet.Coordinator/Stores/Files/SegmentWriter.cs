using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>Writes many entries in one go, into segments that are flushed when they are full. Nobody reads them before <see cref="End"/>.</summary>
internal sealed class SegmentWriter(StoreFolder folder, FileStoreOptions options) : IDisposable
{
    private IDiskFile? _file;
    private long _length;

    public void Write(JournalEntry entry)
    {
        var line = SealedLine.Seal(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));
        if (_length > 0 && _length + line.Length > options.SegmentBytesMax)
            Finish();
        _file ??= folder.Disk.Open(folder.SegmentFile(entry.Revision));
        _file.Write(line, _length);
        _length += line.Length;
    }

    /// <summary>Returns when all of it is on stable storage.</summary>
    public void End()
    {
        Finish();
        folder.SyncJournal();
    }

    public void Dispose() => _file?.Dispose();

    private void Finish()
    {
        _file?.Flush();
        _file?.Dispose();
        (_file, _length) = (null, 0);
    }
}
