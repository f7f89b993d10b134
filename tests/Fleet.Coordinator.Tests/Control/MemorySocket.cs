using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Shared.Protocol;

namespace Fleet.Coordinator.Tests.Control;

/// <summary>A WebSocket in memory, whole messages at a time.</summary>
internal sealed class MemorySocket : WebSocket
{
    private readonly Channel<byte[]> _incoming = Channel.CreateUnbounded<byte[]>();
    private byte[] _rest = [];

    /// <summary>What the other side was sent.</summary>
    public List<LeaderMessage> Sent { get; } = [];

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => WebSocketState.Open;

    public override string? SubProtocol => null;

    public void Say(NodeMessage message) => _incoming.Writer.TryWrite(Wire.Encode(message));

    public override void Abort() => _incoming.Writer.TryComplete();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public override void Dispose() => Abort();

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_rest.Length == 0)
            _rest = await _incoming.Reader.ReadAsync(cancellationToken);
        var size = Math.Min(_rest.Length, buffer.Length);
        _rest.AsSpan(0, size).CopyTo(buffer.Span);
        _rest = _rest[size..];
        return new ValueWebSocketReceiveResult(size, WebSocketMessageType.Text, _rest.Length == 0);
    }

    public override ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        Wire.TryDecodeLeaderMessage(buffer.Span, out var message).ShouldBeTrue();
        Sent.Add(message!);
        return ValueTask.CompletedTask;
    }

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override Task SendAsync(
        ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
