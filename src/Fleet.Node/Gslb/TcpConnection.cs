using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fleet.Node.Gslb.Answering;

namespace Fleet.Node.Gslb;

/// <summary>
/// One TCP connection, RFC 7766: each message behind two octets of length, any number of queries without waiting for answers (6.2.1.1), answers in
/// the order of the queries. An asker that sends no whole query within the idle time is disconnected.
/// </summary>
internal sealed class TcpConnection(Socket socket, AnswerContext context, TimeSpan idleMax)
{
    private const int FrameSizeMax = 2 + ushort.MaxValue;
    private const int QueriesSizeMin = 4096;

    /// <summary>Room for answers: one of any size always fits behind others that have not been sent.</summary>
    private const int AnswersSize = 2 * (ushort.MaxValue + 1);

    private byte[] _queries = ArrayPool<byte>.Shared.Rent(QueriesSizeMin);
    private byte[] _answers = ArrayPool<byte>.Shared.Rent(AnswersSize);
    private byte[] _source = [];
    private int _filled;
    private TransferOut? _transfer;

    /// <summary>Serves until the asker is done, idle or gone, or <paramref name="stop"/> is set; then the connection is closed.</summary>
    public async Task ServeAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            socket.NoDelay = true;
            _source = SourceOf(socket.RemoteEndPoint);
            patience.CancelAfter(idleMax);
            while (await socket.ReceiveAsync(_queries.AsMemory(_filled), patience.Token) is var received and > 0)
            {
                _filled += received;
                while (AnswerWhatIsWhole(out var answers))
                {
                    patience.CancelAfter(idleMax);
                    await SendAllAsync(_answers.AsMemory(0, answers), patience.Token);
                    await TransferAsync(patience);
                }

                MakeRoom();
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // Idle, reset, or the server stops: an asker that still waits asks again.
        }
        finally
        {
            socket.Dispose();
            ArrayPool<byte>.Shared.Return(_queries);
            ArrayPool<byte>.Shared.Return(_answers);
        }
    }

    /// <summary>
    /// Answers the whole queries in the buffer while there is room for answers, up to one that asks for a transfer; false when there was no whole
    /// query. Answered queries leave the buffer.
    /// </summary>
    private bool AnswerWhatIsWhole(out int answers)
    {
        answers = 0;
        var at = 0;
        var any = false;
        while (_filled - at >= 2 && AnswersSize - answers >= FrameSizeMax)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(_queries.AsSpan(at));
            if (_filled - at - 2 < length)
                break;
            any = true;
            _transfer = context.BeginTransfer(_queries.AsSpan(at + 2, length), _source);
            if (_transfer is not null)
            {
                at += 2 + length;
                break;
            }

            var reply = _answers.AsSpan(answers + 2, ushort.MaxValue);
            var arrival = new Arrival(_source, overTcp: true, context.Clock.Now) { Keys = context.Keys, UtcSeconds = context.UtcSeconds };
            var octets = context.RespondOverTcp(_queries.AsSpan(at + 2, length), reply, arrival);
            at += 2 + length;
            if (octets == 0)
                continue;
            BinaryPrimitives.WriteUInt16BigEndian(_answers.AsSpan(answers), (ushort)octets);
            answers += 2 + octets;
        }

        _queries.AsSpan(at, _filled - at).CopyTo(_queries);
        _filled -= at;
        return any;
    }

    /// <summary>Sends the messages of the transfer that has begun, if one has; each may take as long as an answer.</summary>
    private async ValueTask TransferAsync(CancellationTokenSource patience)
    {
        while (_transfer?.WriteNext(_answers.AsSpan(2, ushort.MaxValue)) is { } octets and > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_answers, (ushort)octets);
            patience.CancelAfter(idleMax);
            await SendAllAsync(_answers.AsMemory(0, 2 + octets), patience.Token);
        }

        _transfer = null;
    }

    /// <summary>A query that does not fit gets a buffer for the largest query there can be.</summary>
    private void MakeRoom()
    {
        if (_filled < _queries.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(FrameSizeMax);
        _queries.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_queries);
        _queries = larger;
    }

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> octets, CancellationToken patience)
    {
        while (octets.Length > 0)
            octets = octets[await socket.SendAsync(octets, patience)..];
    }

    private static byte[] SourceOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
            return [];
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
    }
}
