using System.Text;
using System.Text.Json;

namespace Fleet.Coordinator.Stores.Files;

/// <summary>
/// The newest revision that was acknowledged, in the file <c>acknowledged</c>: written after the entry is on stable storage, and not synced itself, so that it costs an append
/// nothing. It is never ahead of the journal, and after a power failure it may be some seconds behind: whatever it names must be there, or acknowledged entries are lost.
/// </summary>
public sealed class AcknowledgedMark(string file) : IDisposable
{
    /// <summary>All marks are of one length: each overwrites the one before, within one sector.</summary>
    private const int DataLength = 40;

    private FileStream? _stream;

    /// <summary>0 when there is none, or none that can be read: then the journal's own bytes must do.</summary>
    public static long Read(string file)
    {
        try
        {
            if (!File.Exists(file) || !SealedLine.TryOpen(File.ReadAllBytes(file), out var json))
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
            _stream ??= new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            var data = $"{{\"revision\":{revision}".PadRight(DataLength - 1) + "}";
            RandomAccess.Write(_stream.SafeFileHandle, SealedLine.Seal(Encoding.ASCII.GetBytes(data)), 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _stream?.Dispose();
            _stream = null;
        }
    }

    public void Dispose() => _stream?.Dispose();
}
