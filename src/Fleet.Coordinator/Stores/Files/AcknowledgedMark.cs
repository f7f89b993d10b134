using System.Text;
using System.Text.Json;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// The newest revision that was acknowledged, in the file <c>acknowledged</c>: written after the entry is on stable storage, and not synced itself,
/// so that it costs an append nothing. The mark is never ahead of the journal, and after a power failure it may be some seconds behind. The entry
/// that it names must be there, or acknowledged entries are lost.
/// </summary>
internal sealed class AcknowledgedMark(IDisk disk, string file) : IDisposable
{
    /// <summary>All marks are of one length: each overwrites the one before, within one sector.</summary>
    private const int DataLength = 40;

    private IDiskFile? _open;

    /// <summary>0 when there is none, or none that can be read: then the journal's own bytes must do.</summary>
    public static long Read(IDisk disk, string file)
    {
        try
        {
            if (!disk.FileExists(file) || !SealedLine.TryOpen(disk.ReadAll(file), out var json))
                return 0;
            using var document = JsonDocument.Parse(json);
            return document.RootElement.GetProperty("revision").GetInt64();
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return 0;
        }
    }

    /// <summary>A mark that cannot be written stays behind, which is allowed; the next one tries again.</summary>
    public void Write(long revision)
    {
        try
        {
            _open ??= disk.Open(file);
            var data = $"{{\"revision\":{revision}".PadRight(DataLength - 1) + "}";
            _open.Write(SealedLine.Seal(Encoding.ASCII.GetBytes(data)), 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _open?.Dispose();
            _open = null;
        }
    }

    public void Dispose() => _open?.Dispose();
}
