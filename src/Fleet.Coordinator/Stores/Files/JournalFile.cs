namespace Fleet.Coordinator.Stores.Files;

/// <summary>The file that is being appended to. Every member throws <see cref="IOException"/> when the disk does not do it; tests put a failing disk here.</summary>
public interface IJournalFile : IDisposable
{
    /// <summary>A failed write may have written some of the bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when everything written is on stable storage (<c>fsync</c>).</summary>
    void Flush();

    /// <summary>Drops every byte from <paramref name="length"/> on.</summary>
    void Cut(long length);
}

/// <summary>A file of the operating system, made if it is not there.</summary>
public sealed class JournalFile(string path) : IJournalFile
{
    private readonly FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(stream.SafeFileHandle, bytes, offset);

    public void Flush() => RandomAccess.FlushToDisk(stream.SafeFileHandle);

    public void Cut(long length) => RandomAccess.SetLength(stream.SafeFileHandle, length);

    public void Dispose() => stream.Dispose();
}
