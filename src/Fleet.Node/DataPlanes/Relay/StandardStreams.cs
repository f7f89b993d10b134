using System.Runtime.InteropServices;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>Standard output and error of this process, at the level of descriptors, so that what the runtime prints in a crash arrives too.</summary>
internal static partial class StandardStreams
{
    /// <summary>fcntl(2).</summary>
    private const int SetStatusFlags = 4;
    private const int Append = 0x400;

    /// <summary>
    /// Relay and spare write to one file, so each line goes to where the file's end is at that moment. What .NET calls appending goes to where the
    /// end was when the file was opened, over what the other process wrote.
    /// </summary>
    /// <exception cref="IOException">The file cannot be opened for appending.</exception>
    public static void SendTo(string file)
    {
        using var log = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        var descriptor = (int)log.SafeFileHandle.DangerousGetHandle();
        if (Control(descriptor, SetStatusFlags, Append) < 0 || Duplicate(descriptor, 1) < 0 || Duplicate(descriptor, 2) < 0)
            throw new IOException($"Cannot send standard output to {file}: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command, int argument);
}
