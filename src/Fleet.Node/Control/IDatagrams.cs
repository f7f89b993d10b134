using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Control;

/// <summary>A bound UDP port.</summary>
internal interface IDatagrams : IDisposable
{
    IPEndPoint Address { get; }

    /// <summary>Returns at once; the datagram may be lost.</summary>
    /// <exception cref="SocketException">The host does not send it.</exception>
    void Send(ReadOnlySpan<byte> datagram, IPEndPoint to);

    /// <summary>The next datagram's bytes; what does not fit is cut off.</summary>
    /// <exception cref="SocketException">An earlier one could not be delivered, or this one not received.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation);
}

/// <summary>Over the network.</summary>
internal sealed class UdpDatagrams : IDatagrams
{
    private readonly Socket _socket;
    private readonly IPEndPoint _from;

    /// <exception cref="SocketException">The address cannot be had.</exception>
    public UdpDatagrams(IPEndPoint listen)
    {
        _socket = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(listen);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Address = (IPEndPoint)_socket.LocalEndPoint!;
        _from = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
    }

    public IPEndPoint Address { get; }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> datagram, IPEndPoint to) => _socket.SendTo(datagram, SocketFlags.None, to);

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        (await _socket.ReceiveFromAsync(buffer, SocketFlags.None, _from, cancellation)).ReceivedBytes;

    public void Dispose() => _socket.Dispose();
}
