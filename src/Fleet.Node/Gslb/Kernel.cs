using System.Runtime.InteropServices;

namespace Fleet.Node.Gslb;

/// <summary>The system calls recvmmsg(2) and sendmmsg(2), with their structures as 64-bit Linux lays them out.</summary>
internal static unsafe partial class Kernel
{
    /// <summary>Wait for the first message, then take what is there (MSG_WAITFORONE).</summary>
    public const int WaitForOne = 0x10000;

    /// <summary>EINTR: a signal came in between.</summary>
    public const int Interrupted = 4;

    /// <summary>EAGAIN: nothing came within the socket's time-out.</summary>
    public const int TryAgain = 11;

    /// <summary>Whether this system has the calls with these structures.</summary>
    public static bool HasBatches => OperatingSystem.IsLinux() && nint.Size == 8;

    /// <summary>Takes up to <paramref name="count"/> datagrams; returns how many, or -1 with errno set.</summary>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int ReceiveMessages(int socket, Message* messages, uint count, int flags, void* timeout);

    /// <summary>Sends up to <paramref name="count"/> datagrams; returns how many, or -1 with errno set when the first fails.</summary>
    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SendMessages(int socket, Message* messages, uint count, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr: a msghdr of 56 octets, then how many octets came.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct Message
    {
        [FieldOffset(0)]
        public byte* Name;

        [FieldOffset(8)]
        public uint NameLength;

        [FieldOffset(16)]
        public Vector* Vectors;

        [FieldOffset(24)]
        public nuint VectorCount;

        [FieldOffset(32)]
        public byte* Control;

        [FieldOffset(40)]
        public nuint ControlLength;

        [FieldOffset(48)]
        public int Flags;

        [FieldOffset(56)]
        public uint Length;
    }
}
