using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Control;

/// <summary>A bound UDP port.</summary>
public interface IDatagrams : IDisposable
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
public sealed class UdpDatagrams : IDatagrams
{
    private readonly Socket socket;
    private readonly IPEndPoint from;

    /// <exception cref="SocketException">The address cannot be had.</exception>
    public UdpDatagrams(IPEndPoint listen)
    {
        socket = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(listen);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Address = (IPEndPoint)socket.LocalEndPoint!;
        from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
    }

    public IPEndPoint Address { get; }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> datagram, IPEndPoint to) => socket.SendTo(datagram, SocketFlags.None, to);

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        (await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, cancellation)).ReceivedBytes;

    public void Dispose() => socket.Dispose();
}
