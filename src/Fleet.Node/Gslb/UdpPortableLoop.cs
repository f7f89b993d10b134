using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb.Answering;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb;

/// <summary>One datagram at a time through the framework: for systems without recvmmsg. Allocates nothing per query.</summary>
internal sealed class UdpPortableLoop(Socket socket, AnswerDesk desk, ulong seed) : IUdpLoop
{
    private Xorshift _random = new(seed);

    /// <inheritdoc/>
    public void Run(CancellationToken stop)
    {
        byte[] query = new byte[IUdpLoop.QuerySizeMax];
        byte[] answer = new byte[Edns.PayloadSafe];
        var from = new SocketAddress(socket.AddressFamily);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (socket.Poll(IUdpLoop.StopPatience, SelectMode.SelectRead))
                    AnswerOne(query, answer, from);
            }
            catch (SocketException)
            {
                // A datagram too long, or an asker gone (ICMP on some systems): this query is lost, the next is not.
                desk.Tally.Add(1, 0, 0);
            }
        }
    }

    private void AnswerOne(byte[] query, byte[] answer, SocketAddress from)
    {
        int received = socket.ReceiveFrom(query, SocketFlags.None, from);
        var arrival = new Arrival(SourceOf(from), overTcp: false, desk.Clock.Now) { Keys = desk.Keys, UtcSeconds = desk.UtcSeconds };
        int length = Responder.Respond(desk.Zone, query.AsSpan(0, received), answer, arrival, ref _random);
        if (length == 0)
        {
            desk.Tally.Add(1, 0, 0);
            return;
        }

        socket.SendTo(answer.AsSpan(0, length), SocketFlags.None, from);
        desk.Tally.Add(1, 1, AnswerDesk.IsFormErr(answer) ? 1 : 0);
    }

    /// <summary>The layout behind the family is the same everywhere; the family's own number is not.</summary>
    private static ReadOnlySpan<byte> SourceOf(SocketAddress from) =>
        from.Family == AddressFamily.InterNetwork ? from.Buffer.Span.Slice(4, 4) : from.Buffer.Span.Slice(8, 16);
}
