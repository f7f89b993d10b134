using System.Net.WebSockets;
using System.Threading.Channels;

namespace Fleet.Coordinator.Tests.Standbys;

/// <summary>One end of a WebSocket in memory, whole messages at a time. Its process may be stopped: it reads nothing then.</summary>
internal sealed class PairedSocket : WebSocket
{
    private readonly Channel<byte[]> _incoming = Channel.CreateUnbounded<byte[]>();
    private readonly StoppableTime _owner;
    private PairedSocket? _other;

    private PairedSocket(StoppableTime owner) => _owner = owner;

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => WebSocketState.Open;

    public override string? SubProtocol => null;

    public static (PairedSocket Near, PairedSocket Far) Between(StoppableTime near, StoppableTime far)
    {
        var (one, other) = (new PairedSocket(near), new PairedSocket(far));
        (one._other, other._other) = (other, one);
        return (one, other);
    }

    public override void Abort() => Dispose();

    /// <summary>The kernel says so to the other end, whatever this process does.</summary>
    public override void Dispose()
    {
        _incoming.Writer.TryComplete();
        _other!._owner.Do(() => _other._incoming.Writer.TryComplete());
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (await _incoming.Reader.WaitToReadAsync(cancellationToken))
        {
            if (!_incoming.Reader.TryRead(out var message))
                continue;
            message.CopyTo(buffer);
            return new ValueWebSocketReceiveResult(message.Length, WebSocketMessageType.Text, true);
        }

        return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, true);
    }

    public override ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        var bytes = buffer.ToArray();
        _other!._owner.Do(() => _other._incoming.Writer.TryWrite(bytes));
        return ValueTask.CompletedTask;
    }

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task SendAsync(
        ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
