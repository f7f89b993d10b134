using System.Net.WebSockets;
using Fleet.Simulation.Runtime;

namespace Fleet.Simulation.Net;

/// <summary>
/// One end of a WebSocket over two <see cref="Pipe"/>s. It takes what is sent as kernels do, up to a buffer's size, whether the other process reads
/// or not. It closes as WebSockets do: a close frame behind all that was sent; or it breaks, because it was aborted, a call on it was cancelled, or
/// its process died.
/// </summary>
public sealed class SimWebSocket : WebSocket
{
    /// <summary>Socket buffers of both hosts, bytes.</summary>
    private const int BufferMax = 512 * 1024;

    private readonly Scheduler _scheduler;
    private readonly ProcessLife _life;
    private readonly Pipe _out;
    private readonly Queue<Frame> _arrived = new();
    private readonly Queue<(TaskCompletionSource Sent, byte[] Data, bool End)> _blocked = new();
    private SimWebSocket _peer = null!;
    private Receive? _receive;
    private int _offset;
    private int _unread;
    private bool _hasClosed;
    private bool _isBroken;

    /// <summary>Told of each message, or part of one, at the moment at which it is sent.</summary>
    public Action<ReadOnlyMemory<byte>>? Sending { get; set; }

    /// <summary>Told of each that arrives, once the process has it whole.</summary>
    public Action<ReadOnlyMemory<byte>>? Received { get; set; }

    private SimWebSocket(Scheduler scheduler, ProcessLife life, Pipe way) => (_scheduler, _life, _out) = (scheduler, life, way);

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override string? SubProtocol => null;

    public override WebSocketState State => _isBroken ? WebSocketState.Aborted : _hasClosed ? WebSocketState.CloseSent : WebSocketState.Open;

    /// <summary>Both ends of a new connection.</summary>
    public static (SimWebSocket Client, SimWebSocket Server) Pair(
        Scheduler scheduler, Network network, (string Host, ProcessLife Life) client, (string Host, ProcessLife Life) server)
    {
        var near = new SimWebSocket(scheduler, client.Life, new Pipe(scheduler, network, client.Host, server.Host));
        var far = new SimWebSocket(scheduler, server.Life, new Pipe(scheduler, network, server.Host, client.Host));
        (near._peer, far._peer) = (far, near);
        client.Life.AtDeath(near.Break);
        server.Life.AtDeath(far.Break);
        return (near, far);
    }

    public override ValueTask SendAsync(
        ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isBroken || _hasClosed)
            throw Broken();
        Sending?.Invoke(buffer);
        if (_unread == 0 || (_unread + buffer.Length <= BufferMax && _blocked.Count == 0))
        {
            Transmit(buffer.ToArray(), endOfMessage);
            return ValueTask.CompletedTask;
        }

        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _blocked.Enqueue((sent, buffer.ToArray(), endOfMessage));
        return new ValueTask(WithAsync(sent.Task, () => sent.TrySetCanceled(cancellationToken), cancellationToken));
    }

    public override Task SendAsync(
        ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isBroken && _arrived.Count == 0)
            throw Broken();
        if (_arrived.Count > 0)
            return new ValueTask<ValueWebSocketReceiveResult>(Take(buffer));
        var receive = _receive = new Receive(buffer);
        return new ValueTask<ValueWebSocketReceiveResult>(
            WithAsync(receive.Done.Task, () => receive.Done.TrySetCanceled(cancellationToken), cancellationToken));
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        var result = await ReceiveAsync(buffer.AsMemory(), cancellationToken);
        return new WebSocketReceiveResult(result.Count, result.MessageType, result.EndOfMessage);
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isBroken)
            throw Broken();
        if (!_hasClosed)
            _out.Send(_life.BusyUntil, () => _peer.Arrive(new Frame([], End: true, WebSocketMessageType.Close)));
        _hasClosed = true;
        return Task.CompletedTask;
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Abort() => Break();

    public override void Dispose() => Break();

    /// <summary>The other end hears of it behind all that was sent, if it has not closed already.</summary>
    private void Break()
    {
        if (_isBroken)
            return;
        _arrived.Clear();
        BreakHere();
        _out.Send(_life.BusyUntil, _peer.BreakHere);
    }

    private void BreakHere()
    {
        _isBroken = true;
        if (_receive is { } receive)
        {
            _receive = null;
            receive.Done.TrySetException(Broken());
        }

        while (_blocked.TryDequeue(out var blocked))
            blocked.Sent.TrySetException(Broken());
    }

    /// <summary>As with real ones, a call that is cancelled takes the connection with it.</summary>
    private async Task<T> WithAsync<T>(Task<T> task, Action cancel, CancellationToken cancellation)
    {
        using var registration = cancellation.Register(() =>
        {
            cancel();
            Break();
        });
        return await task;
    }

    private async Task WithAsync(Task task, Action cancel, CancellationToken cancellation)
    {
        using var registration = cancellation.Register(() =>
        {
            cancel();
            Break();
        });
        await task;
    }

    private void Transmit(byte[] data, bool end)
    {
        _unread += data.Length;
        _out.Send(_life.BusyUntil, () => _peer.Arrive(new Frame(data, end, WebSocketMessageType.Text)));
    }

    private void Arrive(Frame frame)
    {
        if (_isBroken)
            return;
        _arrived.Enqueue(frame);
        if (_receive is not { } receive)
            return;
        _receive = null;
        receive.Done.TrySetResult(Take(receive.Buffer));
    }

    private ValueWebSocketReceiveResult Take(Memory<byte> buffer)
    {
        var frame = _arrived.Peek();
        var count = Math.Min(buffer.Length, frame.Data.Length - _offset);
        frame.Data.AsSpan(_offset, count).CopyTo(buffer.Span);
        _offset += count;
        var isWhole = _offset == frame.Data.Length;
        if (isWhole)
        {
            _arrived.Dequeue();
            _offset = 0;
            Received?.Invoke(frame.Data);
        }

        _peer.Consumed(count);
        return new ValueWebSocketReceiveResult(count, frame.Type, isWhole && frame.End);
    }

    private void Consumed(int count)
    {
        _unread -= count;
        if (_blocked.Count > 0)
            _scheduler.After(0, Unblock);
    }

    private void Unblock()
    {
        while (!_isBroken && _blocked.TryPeek(out var next) && (_unread == 0 || _unread + next.Data.Length <= BufferMax))
        {
            _blocked.Dequeue();
            if (next.Sent.TrySetResult())
                Transmit(next.Data, next.End);
        }
    }

    private static WebSocketException Broken() => new(WebSocketError.ConnectionClosedPrematurely);

    private sealed record Frame(byte[] Data, bool End, WebSocketMessageType Type);

    private sealed record Receive(Memory<byte> Buffer)
    {
        public TaskCompletionSource<ValueWebSocketReceiveResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
