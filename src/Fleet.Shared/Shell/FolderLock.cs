using System.Text;

namespace Fleet.Shared.Shell;

/// <summary>
/// The right to write in a folder, a coordinator's or a node's: an exclusive <c>flock</c> on its file <c>lock</c>, held for life. The kernel takes it
/// back when the process ends, however it ends. A stopped process keeps it.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private readonly FileStream _stream;

    private FolderLock(FileStream stream)
    {
        _stream = stream;
    }

    /// <summary>Takes the lock, or returns null while another has it. What is written in the file is for people.</summary>
    /// <exception cref="IOException">The folder cannot be written, or its file system does not lock.</exception>
    public static FolderLock? TryAcquire(string path, string candidate)
    {
        var first = TryOpen(path);
        if (first is null)
            return null;
        using (var second = TryOpen(path))
        {
            if (second is not null)
            {
                first.Dispose();
                throw new IOException($"The file system of {path} does not lock files: two processes could write at once. Use a local disk.");
            }
        }

        first.SetLength(0);
        first.Write(Encoding.UTF8.GetBytes($"{candidate} pid {Environment.ProcessId}\n"));
        first.Flush();
        return new FolderLock(first);
    }

    public void Dispose() => _stream.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsTaken(e))
        {
            return null;
        }
    }

    /// <summary>EWOULDBLOCK of Linux, of macOS, and the sharing violation of Windows.</summary>
    private static bool IsTaken(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
