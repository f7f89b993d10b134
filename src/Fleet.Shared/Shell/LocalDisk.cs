using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.Shared.Shell;

/// <summary>The files of this host.</summary>
public sealed class LocalDisk : IDisk
{
    public bool FileExists(string path) => File.Exists(path);

    public IReadOnlyList<string> Files(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public long Length(string path) => new FileInfo(Found(path)).Length;

    public byte[] ReadAll(string path) => File.ReadAllBytes(Found(path));

    public IDiskFile Open(string path) => new LocalFile(path);

    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Then there is no such file either.
        }
    }

    public void CreateFolder(string path)
    {
        var missing = new Stack<string>();
        for (var folder = Path.GetFullPath(path); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            missing.Push(folder);
        Directory.CreateDirectory(path);
        foreach (var made in missing)
            SyncFolder(Path.GetDirectoryName(made)!);
    }

    /// <summary>.NET opens no folders, so this asks the C library. Outside Unix there is nothing to do.</summary>
    public void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = OpenDescriptor(Encoding.UTF8.GetBytes(path + "\0"), 0);
        if (descriptor < 0)
            throw new IOException($"Could not open the folder {path}: {Marshal.GetLastPInvokeErrorMessage()}.");
        var synced = SyncDescriptor(descriptor);
        var reason = Marshal.GetLastPInvokeErrorMessage();
        _ = CloseDescriptor(descriptor);
        if (synced != 0)
            throw new IOException($"Could not sync the folder {path}: {reason}.");
    }

    public IDisposable? TryLock(string path, string text) => FolderLock.TryAcquire(path, text);

    private static string Found(string path) => File.Exists(path) ? path
        : Directory.Exists(path) ? throw new UnauthorizedAccessException($"{path} is a folder.")
        : throw new FileNotFoundException($"There is no file {path}.", path);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int OpenDescriptor(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SyncDescriptor(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int CloseDescriptor(int descriptor);

    private sealed class LocalFile(string path) : IDiskFile
    {
        private readonly FileStream _stream = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_stream.SafeFileHandle, bytes, offset);

        public void Flush() => RandomAccess.FlushToDisk(_stream.SafeFileHandle);

        public void Cut(long length) => RandomAccess.SetLength(_stream.SafeFileHandle, length);

        public void Dispose() => _stream.Dispose();
    }
}
