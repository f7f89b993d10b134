using System.Collections.Immutable;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Node.Core;
using Fleet.Shared.Gate;
using Fleet.Shared.Map;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>
/// The one WebSocket to the leader. Tries the coordinators in turn, goes where a follower sends it, and comes back after 50 to 500 ms, spread by
/// chance so that a thousand nodes do not come at once. Followers that send it to each other are asked at the same pace.
/// </summary>
/// <param name="sieve">Everything that the leader says about the map goes through it.</param>
internal sealed partial class LeaderLink(
    IReadOnlyList<LinkAddress> coordinators,
    NodeMailbox mailbox,
    MapSieve sieve,
    Func<LinkTransport, IDialler> diallers,
    Random chance,
    TimeProvider time,
    ILogger<LeaderLink> log)
{
    private const int QueueMax = 1024;
    private const int UnusableRedirectsMax = 16;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2);

    private readonly HashSet<(LinkAddress Coordinator, string Leader)> _unusableRedirects = [];
    private Connection? _current;
    private LinkAddress? _sentTo;
    private TimeSpan _refusedFor;
    private bool _wasHung;

    public bool IsOpen => Volatile.Read(ref _current) is not null;

    /// <summary>Queues a message; it is dropped when no link is open, and the link is dropped when it cannot keep up.</summary>
    public void Send(NodeMessage message)
    {
        var connection = Volatile.Read(ref _current);
        if (connection is not null && !connection.Queue.Writer.TryWrite(Wire.Encode(message)))
            Drop();
    }

    public void Drop() => Volatile.Read(ref _current)?.Cut();

    public async Task RunAsync(CancellationToken cancellation)
    {
        LinkAddress? last = null;
        for (var turn = 0; !cancellation.IsCancellationRequested;)
        {
            // The one that was just left may stand still, and would be waited for: the others know by then who leads instead.
            if (_sentTo is null && coordinators.Count > 1 && coordinators[turn % coordinators.Count] == last)
                turn++;
            var coordinator = last = _sentTo ?? coordinators[turn++ % coordinators.Count];
            var wasSent = _sentTo is not null;
            _sentTo = null;
            _refusedFor = TimeSpan.Zero;
            _wasHung = false;
            try
            {
                await TalkAsync(coordinator, cancellation);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or HttpRequestException or SocketException)
            {
                LogBroken(coordinator, e.Message);
            }

            if ((_sentTo is null || wasSent) && !cancellation.IsCancellationRequested)
                await PauseAsync(cancellation);
        }
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        // A coordinator that is there but does not answer was stopped, and may go on at any moment. Whoever is waiting then is let in first.
        var spread = TimeSpan.FromMilliseconds(_wasHung ? chance.Next(1, 20) : chance.Next(50, 500));
        try
        {
            await Task.Delay(_refusedFor > spread ? _refusedFor : spread, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the same token.
        }
    }

    private async Task TalkAsync(LinkAddress coordinator, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var socket = await DialAsync(coordinator, stop.Token);
        var connection = new Connection(Channel.CreateBounded<byte[]>(QueueMax), stop);
        Volatile.Write(ref _current, connection);
        LogOpen(coordinator);
        var writing = WriteAsync(socket, connection);
        try
        {
            await mailbox.PostAsync(new NodeInput.LinkOpened(), stop.Token);
            var reader = new WebSocketMessages(socket);
            while (await reader.ReadAsync(stop.Token) is { } text && TryHear(coordinator, text.Span, out var message))
            {
                if (message is not null)
                    await mailbox.PostAsync(new NodeInput.FromLeader(message), stop.Token);
            }
        }
        finally
        {
            Volatile.Write(ref _current, null);
            connection.Queue.Writer.TryComplete();
            connection.Cut();
            await writing;
            await mailbox.PostAsync(new NodeInput.LinkClosed(), CancellationToken.None);
        }
    }

    private async Task<WebSocket> DialAsync(LinkAddress coordinator, CancellationToken cancellation)
    {
        using var patience = new Deadline(time, ConnectPatience, cancellation);
        try
        {
            return await diallers(coordinator.Transport).DialAsync(coordinator.Endpoint, patience.Token);
        }
        finally
        {
            _wasHung = patience.Token.IsCancellationRequested;
        }
    }

    /// <summary>
    /// False ends the conversation: the message says where else to go, or cannot be read. A message for newer programs comes back as null.
    /// </summary>
    private bool TryHear(LinkAddress coordinator, ReadOnlySpan<byte> text, out LeaderMessage? message)
    {
        ImmutableArray<LeftOut> unread = [];
        if (!Wire.TryDecodeLeaderMessage(text, out var heard) && !NewerWords.TryDecodeLeaderMessage(text, out heard, out unread))
        {
            message = null;
            var isNewer = NewerWords.IsOfNewerKind(text);
            LogUnreadable(coordinator, isNewer ? "of a kind that is newer than this program" : "that cannot be read");
            return isNewer;
        }

        message = heard switch
        {
            LeaderMessage.Full full => Told(coordinator, () => new LeaderMessage.Full(sieve.Sift(full.Map, unread))),
            LeaderMessage.Change change => Told(coordinator, () => new LeaderMessage.Change(sieve.Sift(change.Delta, unread))),
            _ => heard,
        };
        switch (heard)
        {
            case LeaderMessage.Redirect redirect:
                if (!LinkAddress.TryParse(redirect.Leader, coordinator.Transport, out _sentTo))
                    LogUnusableRedirectOnce(coordinator, Mistake.Quote(redirect.Leader));
                return false;
            case LeaderMessage.Welcome:
                _unusableRedirects.Clear();
                return true;
            case LeaderMessage.Refusal { RetryAfterMs: { } retry } refusal:
                LogRefused(coordinator, refusal.Reason);
                _refusedFor = TimeSpan.FromMilliseconds(retry);
                return false;
            default:
                return true;
        }
    }

    /// <summary>Logs it once until a leader is found: this node comes back for the same answer several times a second.</summary>
    private void LogUnusableRedirectOnce(LinkAddress coordinator, string leader)
    {
        if (_unusableRedirects.Count < UnusableRedirectsMax && _unusableRedirects.Add((coordinator, leader)))
            LogUnusableRedirect(coordinator, leader, LinkAddress.Allowed);
    }

    private LeaderMessage Told(LinkAddress coordinator, Func<LeaderMessage> sift)
    {
        var before = sieve.Report.Problems;
        var sifted = sift();
        foreach (var problem in sieve.Report.Problems.Except(before))
            LogLeftOut(coordinator, problem);
        return sifted;
    }

    private static async Task WriteAsync(WebSocket socket, Connection connection)
    {
        try
        {
            await foreach (var bytes in connection.Queue.Reader.EachAsync(connection.Stop.Token))
                await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, connection.Stop.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            connection.Cut();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Linked to coordinator {Coordinator}")]
    private partial void LogOpen(LinkAddress coordinator);

    [LoggerMessage(Level = LogLevel.Debug, Message = "No link to coordinator {Coordinator}: {Reason}")]
    private partial void LogBroken(LinkAddress coordinator, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of the map of coordinator {Coordinator} this node leaves out {Problem}")]
    private partial void LogLeftOut(LinkAddress coordinator, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Coordinator {Coordinator} said something {Reason}")]
    private partial void LogUnreadable(LinkAddress coordinator, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Coordinator {Coordinator} sends this node to {Leader}, which it does not follow; allowed: {Allowed}")]
    private partial void LogUnusableRedirect(LinkAddress coordinator, string leader, string allowed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Coordinator {Coordinator} refuses this node: {Reason}")]
    private partial void LogRefused(LinkAddress coordinator, string reason);

    private sealed record Connection(Channel<byte[]> Queue, CancellationTokenSource Stop)
    {
        public void Cut()
        {
            try
            {
                Stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself.
            }
        }
    }
}
