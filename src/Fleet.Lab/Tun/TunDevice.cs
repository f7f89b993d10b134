using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Fleet.Lab.Tun;

/// <summary>
/// A TUN device of this process's network namespace, as packets (Linux Documentation/networking/tuntap.rst): a read takes what the kernel has routed
/// into the device, a write is a packet that came in by it. Errors of a write are the network's: the packet is lost.
/// </summary>
internal sealed unsafe partial class TunDevice : IDisposable
{
    private const int ReadWrite = 0x2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    /// <summary>TUNSETIFF of linux/if_tun.h: <c>_IOW('T', 202, int)</c>.</summary>
    private const nuint SetInterface = 0x400454ca;

    /// <summary>IFF_TUN | IFF_NO_PI: packets without a header of their own.</summary>
    private const short TunWithoutHeader = 0x0001 | 0x1000;

    /// <summary>struct ifreq of netdevice(7): 16 octets of name, then the flags.</summary>
    private const int RequestSize = 40;
    private const int NameSize = 16;
    private const short PollIn = 1;

    private readonly int _descriptor;

    /// <exception cref="IOException">There is no such device, or this process may not have it.</exception>
    public TunDevice(string name)
    {
        _descriptor = Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec);
        if (_descriptor < 0)
            throw Failure("open /dev/net/tun");
        var request = stackalloc byte[RequestSize];
        new Span<byte>(request, RequestSize).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, NameSize - 1));
        MemoryMarshal.Write(new Span<byte>(request + NameSize, sizeof(short)), TunWithoutHeader);
        if (Control(_descriptor, SetInterface, request) < 0)
        {
            var failure = Failure($"attach to {name}");
            _ = Close(_descriptor);
            throw failure;
        }
    }

    /// <summary>The length of the next packet; 0 when none is there, or the kernel would not give it.</summary>
    public int Read(byte[] buffer)
    {
        fixed (byte* at = buffer)
            return (int)Math.Max(0, Read(_descriptor, at, (nuint)buffer.Length));
    }

    public void Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* at = packet)
            _ = Write(_descriptor, at, (nuint)packet.Length);
    }

    /// <summary>Waits until a packet is there or the time is over (ppoll(2)).</summary>
    public void Wait(TimeSpan most)
    {
        var (seconds, rest) = Math.DivRem(Math.Max(0, most.Ticks), TimeSpan.TicksPerSecond);
        var time = new TimeSpec { Seconds = (nint)seconds, Nanoseconds = (nint)(rest * 100) };
        var poll = new PollDescriptor { Descriptor = _descriptor, Events = PollIn };
        _ = Poll(&poll, 1, &time, null);
    }

    public void Dispose() => _ = Close(_descriptor);

    private static IOException Failure(string what) =>
        new($"{what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* time, void* signals);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    /// <summary>struct pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }

    /// <summary>struct timespec of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
