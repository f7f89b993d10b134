using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fleet.Node.Vips.Linux.Announcing;

/// <summary>
/// Sends whole frames on one interface (packet(7)) and receives none. They pass the egress rules like all others, so a frame that announces a VIP
/// whose lease is over never leaves.
/// </summary>
internal sealed class PacketSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified) { Blocking = false };

    /// <exception cref="SocketException">This process may not send frames, or there is no such interface.</exception>
    public PacketSocket(int link)
    {
        try
        {
            _socket.Bind(new LinkEndPoint(link));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Returns false if the interface takes no more just now, or is down.</summary>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        _socket.Send(frame, SocketFlags.None, out var error);
        return error == SocketError.Success;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>struct sockaddr_ll of packet(7): 20 octets; the interface's index is at 4. The family is written by the framework.</summary>
    private sealed class LinkEndPoint(int link) : EndPoint
    {
        private const int Size = 20;

        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, Size);
            MemoryMarshal.Write(address.Buffer.Span[4..], link);
            return address;
        }
    }
}
