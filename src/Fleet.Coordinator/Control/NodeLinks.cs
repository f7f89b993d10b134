using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Coordinator.State;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// The nodes' WebSockets. What a node says goes to the mailbox; what the leader says to it waits in a queue of its own, so that a slow node holds up nobody. A node
/// whose queue is full, or that says what cannot be read, is cut off: it comes back and gets the full map.
/// </summary>
public sealed partial class NodeLinks(Mailbox mailbox, ILogger<NodeLinks> log)
{
    private const int QueueMax = 4096;

    private readonly ConcurrentDictionary<long, Link> open = new();
    private long connections;
    private Encoded? last;

    /// <summary>Serves one connection until it ends.</summary>
    public async Task ServeAsync(WebSocket socket, string remote, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref connections);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var link = open[id] = new Link(Channel.CreateBounded<byte[]>(QueueMax), stop);
        var writing = WriteAsync(socket, link);
        try
        {
            await ReadAsync(id, socket, remote, stop.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            LogParted(remote, e.Message);
        }
        finally
        {
            open.TryRemove(id, out _);
            link.Queue.Writer.TryComplete();
            await stop.CancelAsync();
            await writing;
            await mailbox.PostAsync(new LeaderInput.Parted(id), CancellationToken.None);
        }
    }

    public void Send(long connection, Down message)
    {
        if (!open.TryGetValue(connection, out var link))
            return;
        // The same change goes to every node: it is encoded once.
        if (!ReferenceEquals(last?.Message, message))
            last = new Encoded(message, Wire.Encode(message));
        if (!link.Queue.Writer.TryWrite(last.Bytes))
            Close(connection);
    }

    /// <summary>Closes once what was sent before is out.</summary>
    public void Close(long connection)
    {
        if (open.TryGetValue(connection, out var link))
            link.Queue.Writer.TryComplete();
    }

    private async Task ReadAsync(long id, WebSocket socket, string remote, CancellationToken cancellation)
    {
        var reader = new WebSocketMessages(socket);
        while (await reader.ReadAsync(cancellation) is { } text)
        {
            if (!Wire.TryDecodeUp(text.Span, out var message))
            {
                LogUnreadable(remote);
                return;
            }

            await mailbox.PostAsync(new LeaderInput.Said(id, message), cancellation);
        }
    }

    private static async Task WriteAsync(WebSocket socket, Link link)
    {
        try
        {
            await foreach (var bytes in link.Queue.Reader.ReadAllAsync(link.Stop.Token))
                await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, link.Stop.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, link.Stop.Token);
            link.Stop.CancelAfter(TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The reading side sees the same end and says so.
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Remote} parted: {Reason}")]
    private partial void LogParted(string remote, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Remote} said something that cannot be read; it is cut off")]
    private partial void LogUnreadable(string remote);

    private sealed record Link(Channel<byte[]> Queue, CancellationTokenSource Stop);

    private sealed record Encoded(Down Message, byte[] Bytes);
}
