using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Node.Core;
using Fleet.Shared.Api;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>
/// The one WebSocket to the leader. Tries the coordinators in turn, goes where a follower sends it, and comes back after 50 to 500 ms, spread by chance so that a
/// thousand nodes do not come at once.
/// </summary>
public sealed partial class LeaderLink(IReadOnlyList<string> coordinators, NodeMailbox mailbox, TimeProvider time, ILogger<LeaderLink> log)
{
    private const int QueueMax = 1024;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2);

    private Connection? current;
    private string? sentTo;
    private TimeSpan refusedFor;
    private bool wasHung;

    public bool IsOpen => Volatile.Read(ref current) is not null;

    /// <summary>Queues a message; it is dropped when no link is open, and the link is dropped when it cannot keep up.</summary>
    public void Send(Up message)
    {
        var connection = Volatile.Read(ref current);
        if (connection is not null && !connection.Queue.Writer.TryWrite(Wire.Encode(message)))
            Drop();
    }

    public void Drop() => Volatile.Read(ref current)?.Stop.Cancel();

    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var attempt = 0; !cancellation.IsCancellationRequested; attempt++)
        {
            var coordinator = sentTo ?? coordinators[attempt % coordinators.Count];
            sentTo = null;
            refusedFor = TimeSpan.Zero;
            wasHung = false;
            try
            {
                await TalkAsync(coordinator, cancellation);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or HttpRequestException or SocketException)
            {
                LogBroken(coordinator, e.Message);
            }

            if (sentTo is null && !cancellation.IsCancellationRequested)
                await PauseAsync(cancellation);
        }
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        // A coordinator that is there and does not answer was stopped, and goes on at any moment: whoever waits at its door is let in first.
        var spread = TimeSpan.FromMilliseconds(wasHung ? Random.Shared.Next(1, 20) : Random.Shared.Next(50, 500));
        try
        {
            await Task.Delay(refusedFor > spread ? refusedFor : spread, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the same token.
        }
    }

    private async Task TalkAsync(string coordinator, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(stop.Token))
        {
            patience.CancelAfter(ConnectPatience);
            try
            {
                await socket.ConnectAsync(new Uri($"ws://{coordinator}{Routes.Link}"), patience.Token);
            }
            finally
            {
                wasHung = patience.IsCancellationRequested;
            }
        }

        var connection = new Connection(Channel.CreateBounded<byte[]>(QueueMax), stop);
        Volatile.Write(ref current, connection);
        LogOpen(coordinator);
        var writing = WriteAsync(socket, connection);
        try
        {
            await mailbox.PostAsync(new NodeInput.LinkOpened(), stop.Token);
            var reader = new WebSocketMessages(socket);
            while (await reader.ReadAsync(stop.Token) is { } text && Hear(coordinator, text.Span) is { } message)
                await mailbox.PostAsync(new NodeInput.FromLeader(message), stop.Token);
        }
        finally
        {
            Volatile.Write(ref current, null);
            connection.Queue.Writer.TryComplete();
            await stop.CancelAsync();
            await writing;
            await mailbox.PostAsync(new NodeInput.LinkClosed(), CancellationToken.None);
        }
    }

    /// <summary>Null ends the conversation: the message says where else to go, or cannot be read.</summary>
    private Down? Hear(string coordinator, ReadOnlySpan<byte> text)
    {
        if (!Wire.TryDecodeDown(text, out var message))
        {
            LogUnreadable(coordinator);
            return null;
        }

        switch (message)
        {
            case Down.Redirect redirect:
                sentTo = redirect.Leader;
                return null;
            case Down.Refusal { RetryAfterMs: { } retry } refusal:
                LogRefused(coordinator, refusal.Reason);
                refusedFor = TimeSpan.FromMilliseconds(retry);
                return null;
            default:
                return message;
        }
    }

    private static async Task WriteAsync(ClientWebSocket socket, Connection connection)
    {
        try
        {
            await foreach (var bytes in connection.Queue.Reader.ReadAllAsync(connection.Stop.Token))
                await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, connection.Stop.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            await connection.Stop.CancelAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Linked to coordinator {Coordinator}")]
    private partial void LogOpen(string coordinator);

    [LoggerMessage(Level = LogLevel.Debug, Message = "No link to coordinator {Coordinator}: {Reason}")]
    private partial void LogBroken(string coordinator, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Coordinator {Coordinator} said something that cannot be read")]
    private partial void LogUnreadable(string coordinator);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Coordinator {Coordinator} refuses this node: {Reason}")]
    private partial void LogRefused(string coordinator, string reason);

    private sealed record Connection(Channel<byte[]> Queue, CancellationTokenSource Stop);
}
