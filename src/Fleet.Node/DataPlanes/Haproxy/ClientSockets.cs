using System.Buffers.Binary;
using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Fleet.Shared.Model;

namespace Fleet.Node.DataPlanes.Haproxy;

/// <summary>
/// The clients' connections of a process, from outside of it. HAProxy 2.6 cannot be told to end a connection that waits for its next request: it is
/// in no list, and no command names it. So its socket is borrowed (pidfd_getfd(2)) and its receiving side shut down: HAProxy reads the end, as if
/// the client had ended, and closes in its own order. It takes the same user as HAProxy's, or CAP_SYS_PTRACE.
/// </summary>
internal static partial class ClientSockets
{
    /// <summary>The kernel counts in steps, of 4 ms at most.</summary>
    private const uint StepMs = 4;

    private const int PidFdOpen = 434;
    private const int PidFdGetFd = 438;
    private const int ShutRead = 0;
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const int FamilyV4 = 2;
    private const int FamilyV6 = 10;
    private const int AddressSize = 28;

    /// <summary>Where they stand in struct tcp_info (linux/tcp.h).</summary>
    private const int LastDataSent = 44;
    private const int LastDataReceived = 52;
    private const int BytesReceived = 128;
    private const int InfoSize = 136;

    /// <summary>
    /// Ends what is idle: what has come to these VIPs and ports, is none of the busy ones, and has had an answer to what came last.
    /// </summary>
    /// <param name="firstRequestMax">A connection without a request is not idle before this time: its first request may be on its way.</param>
    /// <param name="sinceAsked">Since HAProxy was asked who is busy. What came later is not known to be idle.</param>
    /// <returns>How many were ended, and how many may be idle but have to be looked at again.</returns>
    /// <exception cref="IOException">The kernel does not allow it.</exception>
    public static (int Ended, int Doubtful) EndIdle(
        int pid,
        IReadOnlySet<VipAddress> vips,
        IReadOnlySet<int> ports,
        IReadOnlySet<IPEndPoint> busy,
        TimeSpan firstRequestMax,
        Func<TimeSpan> sinceAsked)
    {
        var process = (int)Call(PidFdOpen, pid, 0, 0);
        if (process < 0)
            return (0, 0); // It has ended.
        try
        {
            var (ended, doubtful) = (0, 0);
            foreach (var number in Descriptors(pid))
            {
                var socket = (int)Call(PidFdGetFd, process, number, 0);
                if (socket < 0)
                {
                    ThrowIfForbidden(Marshal.GetLastPInvokeError(), pid);
                    continue;
                }

                var idle = IsClient(socket, vips, ports, busy) ? Look(socket, firstRequestMax, sinceAsked()) : Idleness.No;
                if (idle == Idleness.Yes && Shutdown(socket, ShutRead) == 0)
                    ended++;
                if (idle == Idleness.Doubtful)
                    doubtful++;
                Close(socket);
            }

            return (ended, doubtful);
        }
        finally
        {
            Close(process);
        }
    }

    private enum Idleness
    {
        No,
        Doubtful,
        Yes,
    }

    private static bool IsClient(int socket, IReadOnlySet<VipAddress> vips, IReadOnlySet<int> ports, IReadOnlySet<IPEndPoint> busy)
    {
        Span<byte> address = stackalloc byte[AddressSize];
        var size = AddressSize;
        if (GetSocketName(socket, address, ref size) != 0 || Endpoint(address) is not { } vip)
            return false;
        if (!ports.Contains(vip.Port) || !vips.Contains(new VipAddress(vip.Address)))
            return false;
        size = AddressSize;
        // A socket that listens on a VIP has no peer.
        return GetPeerName(socket, address, ref size) == 0 && Endpoint(address) is { } client && !busy.Contains(client);
    }

    private static Idleness Look(int socket, TimeSpan firstRequestMax, TimeSpan sinceAsked)
    {
        Span<byte> info = stackalloc byte[InfoSize];
        var size = InfoSize;
        if (GetSocketOption(socket, IpProtoTcp, TcpInfo, info, ref size) != 0 || size < InfoSize)
            return Idleness.No;
        var receivedMs = BitConverter.ToUInt32(info[LastDataReceived..]);
        if (BitConverter.ToUInt64(info[BytesReceived..]) == 0)
            return receivedMs < firstRequestMax.TotalMilliseconds ? Idleness.No : Idleness.Yes;
        // What came after the last answer is the beginning of a request, of which HAProxy says nothing before its head is whole.
        if (receivedMs < BitConverter.ToUInt32(info[LastDataSent..]))
            return Idleness.No;
        return receivedMs <= sinceAsked.TotalMilliseconds + StepMs ? Idleness.Doubtful : Idleness.Yes;
    }

    private static IPEndPoint? Endpoint(ReadOnlySpan<byte> address)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        var found = BitConverter.ToUInt16(address) switch
        {
            FamilyV4 => new IPAddress(address.Slice(4, 4)),
            FamilyV6 => new IPAddress(address.Slice(8, 16)),
            _ => null,
        };
        return found is null ? null : new IPEndPoint(found.IsIPv4MappedToIPv6 ? found.MapToIPv4() : found, port);
    }

    private static IEnumerable<int> Descriptors(int pid)
    {
        string[] names;
        try
        {
            names = Directory.GetFileSystemEntries($"/proc/{pid}/fd");
        }
        catch (DirectoryNotFoundException)
        {
            yield break; // It has ended.
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The connections of process {pid} cannot be looked at: {e.Message}", e);
        }

        foreach (var name in names)
            if (int.TryParse(Path.GetFileName(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                yield return number;
    }

    private static void ThrowIfForbidden(int error, int pid)
    {
        const int notPermitted = 1;
        const int notImplemented = 38;
        if (error is notPermitted or notImplemented)
            throw new IOException(
                $"The connections of process {pid} cannot be borrowed: {new Win32Exception(error).Message}; "
                + "the agent needs HAProxy's user or CAP_SYS_PTRACE.");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Call(long number, long first, long second, long third);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int GetSocketName(int socket, Span<byte> address, ref int size);

    [LibraryImport("libc", EntryPoint = "getpeername", SetLastError = true)]
    private static partial int GetPeerName(int socket, Span<byte> address, ref int size);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetSocketOption(int socket, int level, int option, Span<byte> value, ref int size);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
