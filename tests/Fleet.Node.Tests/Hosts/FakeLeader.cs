using System.Net;
using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Node.Control;
using Fleet.Shared.Protocol;

namespace Fleet.Node.Tests.Hosts;

/// <summary>Coordinators in memory: what each node that dials is told, and what it says.</summary>
/// <param name="dialled">Returns what is said first to who dials that address; null answers nobody.</param>
/// <param name="hear">Returns what a message is answered with.</param>
internal sealed class FakeLeader(Func<string, IEnumerable<LeaderMessage>?> dialled, Func<NodeMessage, IEnumerable<LeaderMessage>> hear) : IDialler
{
    public List<string> Dialled { get; } = [];

    public Task<WebSocket> DialAsync(IPEndPoint coordinator, CancellationToken cancellation)
    {
        var address = $"{coordinator}";
        Dialled.Add(address);
        return dialled(address) is { } first ? Task.FromResult<WebSocket>(new Link(first, hear)) : throw new WebSocketException("Nobody answers.");
    }

    private sealed class Link : WebSocket
    {
        private readonly Channel<byte[]> _down = Channel.CreateUnbounded<byte[]>();
        private readonly Func<NodeMessage, IEnumerable<LeaderMessage>> _hear;

        public Link(IEnumerable<LeaderMessage> first, Func<NodeMessage, IEnumerable<LeaderMessage>> hear)
        {
            _hear = hear;
            Say(first);
        }

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => null;

        public override void Abort() => _down.Writer.TryComplete();

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public override void Dispose() => Abort();

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        /// <summary>Messages of the tests are short: each fits. The framework's own goes on on the thread pool.</summary>
        public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (await _down.Reader.WaitToReadAsync(cancellationToken))
            {
                if (!_down.Reader.TryRead(out var message))
                    continue;
                message.CopyTo(buffer);
                return new ValueWebSocketReceiveResult(message.Length, WebSocketMessageType.Text, endOfMessage: true);
            }

            throw new WebSocketException("The link is closed.");
        }

        public override Task SendAsync(
            ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            if (Wire.TryDecodeNodeMessage(buffer, out var message))
                Say(_hear(message));
            return Task.CompletedTask;
        }

        private void Say(IEnumerable<LeaderMessage> messages)
        {
            foreach (var message in messages)
                _down.Writer.TryWrite(Wire.Encode(message));
        }
    }
}
