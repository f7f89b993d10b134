using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb.Answering;
using Fleet.Shared.Dns;

namespace Fleet.Node.Gslb;

/// <summary>One datagram at a time through the framework: for systems without recvmmsg. Allocates nothing per query.</summary>
internal sealed class UdpPortableLoop(Socket socket, AnswerContext context, ulong seed) : IUdpLoop
{
    private readonly Lane _lane = context.Tally.Open(seed);

    /// <inheritdoc/>
    public void Run(CancellationToken stop)
    {
        var query = new byte[IUdpLoop.QuerySizeMax];
        var answer = new byte[Edns.PayloadSafe];
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
                _lane.Count(Counter.Unanswerable);
            }
        }
    }

    private void AnswerOne(byte[] query, byte[] answer, SocketAddress from)
    {
        var received = socket.ReceiveFrom(query, SocketFlags.None, from);
        _lane.Rules = context.Rules;
        var arrival = new Arrival(SourceOf(from), overTcp: false, context.Clock.Now) { Keys = context.Keys, UtcSeconds = context.UtcSeconds };
        var length = Responder.Respond(context.Zone, query.AsSpan(0, received), answer, arrival, _lane);
        if (length > 0)
            Send(answer.AsSpan(0, length), from);
    }

    /// <summary>A reply that cannot be sent (an asker with port 0) is lost; the next query is not.</summary>
    private void Send(ReadOnlySpan<byte> answer, SocketAddress to)
    {
        try
        {
            socket.SendTo(answer, SocketFlags.None, to);
        }
        catch (SocketException)
        {
            _lane.Count(Counter.Unsent);
        }
    }

    /// <summary>The layout behind the family is the same everywhere; the family's own number is not.</summary>
    private static ReadOnlySpan<byte> SourceOf(SocketAddress from) =>
        from.Family == AddressFamily.InterNetwork ? from.Buffer.Span.Slice(4, 4) : from.Buffer.Span.Slice(8, 16);
}
