using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Tests.Stores;

/// <summary>What fails at this moment.</summary>
internal sealed class DiskFault
{
    public bool WriteFails { get; set; }

    public bool FlushFails { get; set; }

    public bool CutFails { get; set; }

    public bool ReadFails { get; set; }
}

/// <summary>The journal's files fail, as those of a full disk do; the others do not.</summary>
internal sealed class FaultyDisk(DiskFault fault) : IDisk
{
    private readonly LocalDisk _disk = new();

    public bool FileExists(string path) => _disk.FileExists(path);

    public IReadOnlyList<string> Files(string folder) => _disk.Files(folder);

    public long Length(string path) => _disk.Length(path);

    public byte[] ReadAll(string path) =>
        fault.ReadFails && path.EndsWith(".log", StringComparison.Ordinal) ? throw new IOException("Input/output error") : _disk.ReadAll(path);

    public IDiskFile Open(string path) =>
        path.EndsWith(".log", StringComparison.Ordinal) ? new FaultyFile(_disk.Open(path), fault) : _disk.Open(path);

    public void Move(string from, string to) => _disk.Move(from, to);

    public void Delete(string path) => _disk.Delete(path);

    public void CreateFolder(string path) => _disk.CreateFolder(path);

    public void SyncFolder(string path) => _disk.SyncFolder(path);

    public IDisposable? TryLock(string path, string text) => _disk.TryLock(path, text);

    /// <summary>Writes half of what it is given before it fails.</summary>
    private sealed class FaultyFile(IDiskFile file, DiskFault fault) : IDiskFile
    {
        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            file.Write(fault.WriteFails ? bytes[..(bytes.Length / 2)] : bytes, offset);
            Fail(fault.WriteFails);
        }

        public void Flush()
        {
            Fail(fault.FlushFails);
            file.Flush();
        }

        public void Cut(long length)
        {
            Fail(fault.CutFails);
            file.Cut(length);
        }

        public void Dispose() => file.Dispose();

        private static void Fail(bool fails)
        {
            if (fails)
                throw new IOException("No space left on device");
        }
    }
}
