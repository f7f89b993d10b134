using System.Net.Sockets;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Control;

/// <summary>
/// Carries probes and vouches between witnesses and the watched, as UDP datagrams. A datagram that cannot be read or sent is dropped: the next one
/// comes soon.
/// </summary>
internal sealed class WitnessSocket(IDatagrams datagrams, NodeMailbox mailbox, IDatagramSeal seal)
{
    private readonly byte[] _sendBuffer = new byte[WitnessDatagram.SizeMax];

    /// <summary>Called by the agent's loop alone.</summary>
    public void Send(FleetMap map, NodeName to, WitnessDatagram datagram)
    {
        if (!map.Nodes.TryGetValue(to, out var peer))
            return;
        try
        {
            datagrams.Send(_sendBuffer.AsSpan(0, datagram.Write(_sendBuffer, seal)), peer.Facts.WitnessAddress);
        }
        catch (SocketException)
        {
            // A peer that is gone says so by ICMP; its silence is the message.
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var buffer = new byte[WitnessDatagram.SizeMax + 1];
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var length = await datagrams.ReceiveAsync(buffer, cancellation);
                if (WitnessDatagram.TryRead(buffer.AsSpan(0, length), seal, out var datagram))
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
}
