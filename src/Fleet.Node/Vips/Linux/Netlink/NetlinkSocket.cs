using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fleet.Node.Vips.Linux.Netlink;

/// <summary>
/// A netlink socket (netlink(7)). The kernel carries out what it is sent before the call returns, so nothing here waits: all answers are there when
/// they are read. It belongs to the network namespace of the thread that made it. Not for two threads at once.
/// </summary>
internal sealed partial class NetlinkSocket : IDisposable
{
    /// <summary>NETLINK_ROUTE: addresses and links.</summary>
    public const int Route = 0;

    /// <summary>NETLINK_SOCK_DIAG: the sockets of the host.</summary>
    public const int SocketDiagnosis = 4;

    /// <summary>NETLINK_NETFILTER: nf_tables.</summary>
    public const int Netfilter = 12;

    private const int NetlinkFamily = 16;
    private const int RawClosedOnExecute = 3 | 0x80000; // SOCK_RAW | SOCK_CLOEXEC
    private const int SolSocket = 1;
    private const int SendBufferForce = 32;
    private const int ReceiveBufferForce = 33;
    private const int SolNetlink = 270;
    private const int AddMembership = 1;
    private const int CapAcknowledgements = 10;

    /// <summary>Room for a thousand answers, or for a request about ten thousand VIPs.</summary>
    private const int BufferBytes = 8 << 20;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[256 << 10];

    /// <exception cref="NetlinkException">This process may not have one.</exception>
    public NetlinkSocket(int family)
    {
        var descriptor = Open(NetlinkFamily, RawClosedOnExecute, family);
        if (descriptor < 0)
            throw new NetlinkException($"a netlink socket of family {family}", Marshal.GetLastPInvokeError());
        _socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        try
        {
            // A socket without a port of its own is not told what the kernel itself has changed. The kernel chooses one.
            if (Bind(descriptor, new Address { Family = NetlinkFamily }, Unsafe.SizeOf<Address>()) != 0)
                throw new NetlinkException($"a netlink socket of family {family}", Marshal.GetLastPInvokeError());
            _socket.Blocking = false;
            _socket.SetRawSocketOption(SolSocket, SendBufferForce, BitConverter.GetBytes(BufferBytes));
            _socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(BufferBytes));
            _socket.SetRawSocketOption(SolNetlink, CapAcknowledgements, BitConverter.GetBytes(1)); // answers do not quote the request
        }
        catch (Exception e) when (e is SocketException or NetlinkException)
        {
            _socket.Dispose();
            throw new NetlinkException($"a netlink socket of family {family}: {e.Message}", e);
        }
    }

    /// <summary>Looks at one message.</summary>
    public delegate void Reading(in NetlinkMessage message);

    /// <summary>From now on the kernel tells what happens in that group (RTNLGRP_ of rtnetlink(7)).</summary>
    public void Join(int group) => _socket.SetRawSocketOption(SolNetlink, AddMembership, BitConverter.GetBytes(group));

    /// <summary>
    /// Sends what was written, in one datagram, and returns the errors by the number of the message. Each message must ask to be acknowledged, except
    /// for <paramref name="silent"/> of them.
    /// </summary>
    /// <exception cref="NetlinkException">Some answer is missing: what became of the request is not known.</exception>
    public Dictionary<uint, int> Exchange(NetlinkWriter requests, int silent = 0)
    {
        Send(requests);
        var errors = new Dictionary<uint, int>();
        var answers = 0;
        while (TryReceive(out var length))
        {
            var reader = new NetlinkReader(_buffer.AsSpan(0, length));
            while (reader.TryRead(out var message))
            {
                if (!message.IsAnswer)
                    continue;
                answers++;
                if (message.Error != 0)
                    errors[message.Sequence] = message.Error;
            }
        }

        return answers >= requests.Count - silent || errors.Count > 0
            ? errors
            : throw new NetlinkException($"the kernel answered {answers} of {requests.Count - silent} netlink requests");
    }

    /// <summary>Sends one request for a dump and looks at all that comes.</summary>
    /// <exception cref="NetlinkException">The kernel refuses it.</exception>
    public void Dump(NetlinkWriter request, string what, Reading reading)
    {
        Send(request);
        while (TryReceive(out var length))
        {
            var reader = new NetlinkReader(_buffer.AsSpan(0, length));
            while (reader.TryRead(out var message))
            {
                if (message.Sequence != request.Sequence)
                    continue; // Of a dump that was not read to its end.
                if (message is { IsAnswer: false, IsDone: false })
                    reading(message);
                else if (message.Error != 0)
                    throw new NetlinkException(what, message.Error);
                else if (message.IsDone)
                    return;
            }
        }

        throw new NetlinkException($"{what}: the kernel's answer has no end");
    }

    /// <summary>Throws away what the kernel has told since it was last asked; says whether there was anything, or more than it could keep.</summary>
    public bool HasNews()
    {
        var any = false;
        while (true)
        {
            var read = _socket.Receive(_buffer, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return any;
            any = true;
            if (error is not (SocketError.Success or SocketError.NoBufferSpaceAvailable) || read < 0)
                return any;
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Send(NetlinkWriter requests)
    {
        try
        {
            while (TryReceive(out _))
            {
                // Answers that an earlier request left behind when it failed.
            }

            _socket.Send(requests.Written);
        }
        catch (SocketException e)
        {
            throw new NetlinkException($"a netlink request of {requests.Written.Length} octets: {e.Message}", e);
        }
    }

    private bool TryReceive(out int length)
    {
        length = _socket.Receive(_buffer, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => true,
            SocketError.WouldBlock => false,
            _ => throw new NetlinkException($"an answer of the kernel could not be read: {error}"),
        };
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Bind(int socket, in Address address, int length);

    /// <summary>struct sockaddr_nl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Address
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }
}
