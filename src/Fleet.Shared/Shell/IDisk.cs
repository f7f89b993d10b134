namespace Fleet.Shared.Shell;

/// <summary>
/// The files of a host, as far as the fleet's programs need them. Paths are absolute or relative to the process. What is written is on stable storage
/// only after <see cref="IDiskFile.Flush"/>, and a name (of a new, renamed or deleted file) only after <see cref="SyncFolder"/>: a power failure may
/// lose or keep anything else, in any order. Members throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where the host does
/// not do it.
/// </summary>
public interface IDisk
{
    bool FileExists(string path);

    /// <summary>Names of the folder's files, without their folder, in ordinal order; none when there is no such folder.</summary>
    IReadOnlyList<string> Files(string folder);

    /// <summary>Bytes.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    long Length(string path);

    /// <exception cref="FileNotFoundException">There is none.</exception>
    byte[] ReadAll(string path);

    /// <summary>Opens it for writing, and makes it, empty, if it is not there.</summary>
    IDiskFile Open(string path);

    /// <summary>Renames it over whatever has that name: a reader sees the one or the other, whole.</summary>
    void Move(string from, string to);

    /// <summary>Nothing happens when there is none.</summary>
    void Delete(string path);

    /// <summary>Makes the folder, with all above it, unless it is there. Returns when their names are on stable storage.</summary>
    void CreateFolder(string path);

    /// <summary>Returns when the folder's names are on stable storage.</summary>
    void SyncFolder(string path);

    /// <summary>Takes an exclusive lock that ends with the process, or returns null while another process has it.</summary>
    /// <param name="text">Written into the file, for people.</param>
    IDisposable? TryLock(string path, string text);
}

/// <summary>A file that is open for writing.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>A failed write may have written some of the bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when everything written is on stable storage (<c>fsync</c>).</summary>
    void Flush();

    /// <summary>Drops every byte from <paramref name="length"/> on.</summary>
    void Cut(long length);
}
