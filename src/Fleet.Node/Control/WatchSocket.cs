using System.Net;
using System.Net.Sockets;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Control;

/// <summary>Carries probes and vouches between watchers and the watched, as UDP datagrams. What cannot be read, or sent, is dropped: the next one comes soon.</summary>
public sealed class WatchSocket : IDisposable
{
    private readonly Socket socket;
    private readonly NodeMailbox mailbox;
    private readonly byte[] sendBuffer = new byte[WatchDatagram.SizeMax];

    public WatchSocket(IPEndPoint listen, NodeMailbox mailbox)
    {
        this.mailbox = mailbox;
        socket = new Socket(listen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(listen);
        Address = (IPEndPoint)socket.LocalEndPoint!;
    }

    public IPEndPoint Address { get; }

    /// <summary>Called by the agent's loop alone.</summary>
    public void Send(FleetMap map, NodeName to, WatchDatagram datagram)
    {
        if (!map.Nodes.TryGetValue(to, out var peer))
            return;
        try
        {
            socket.SendTo(sendBuffer.AsSpan(0, datagram.Write(sendBuffer)), SocketFlags.None, peer.Facts.WatchAddress);
        }
        catch (SocketException)
        {
            // A peer that is gone says so by ICMP; its silence is the message.
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var buffer = new byte[WatchDatagram.SizeMax + 1];
        var from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, cancellation);
                if (WatchDatagram.TryRead(buffer.AsSpan(0, received.ReceivedBytes), out var datagram))
                    mailbox.Post(new NodeInput.FromPeer(datagram));
            }
            catch (SocketException)
            {
                // As above: an ICMP error of an earlier send.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
