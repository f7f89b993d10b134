using System.Collections.Concurrent;
using System.Net.WebSockets;
using Fleet.Coordinator.Core;
using Fleet.Http;
using Fleet.Shared.Config;
using Fleet.Shared.Gate;
using Fleet.Shared.Protocol;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>
/// The nodes' WebSockets. A node's messages go to the mailbox; the leader's messages to it wait in a queue of its own, so that a slow node holds up
/// nobody. A node is cut off when its queue is full, or when it sends something unreadable, too much, or nothing. It comes back and gets the full
/// map.
/// </summary>
internal sealed partial class NodeLinks : IDisposable
{
    /// <summary>
    /// A link is idle after so many sweeps without a message. Sweeps are counted, not time: a coordinator that was stopped must not take all its
    /// nodes for silent.
    /// </summary>
    private const int SweepsMax = 10;

    /// <summary>
    /// How many messages of one link may lie in the mailbox before more is read. A node that sends more than the leader can take holds up only
    /// itself.
    /// </summary>
    private const int UnheardMax = 256;

    private const int UnheardSizeMax = 1024 * 1024;
    private const int RetryAfterMs = 5000;

    private readonly Mailbox _mailbox;
    private readonly LinkLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger<NodeLinks> _log;
    private readonly ITimer _sweep;
    private readonly ConcurrentDictionary<long, NodeLink> _open = new();
    private readonly GiveWay<NodeLink> _receiving;
    private long _connections;
    private int _greeted;
    private Encoded? _last;
    private Encoded? _lastFull;

    public NodeLinks(Mailbox mailbox, LinkLimits limits, TimeProvider time, ILogger<NodeLinks> log)
    {
        (_mailbox, _limits, _time, _log) = (mailbox, limits, time, log);
        _receiving = new GiveWay<NodeLink>(limits.ReceivingMax);
        _sweep = time.CreateTimer(_ => Sweep(), null, limits.IdleMax / SweepsMax, limits.IdleMax / SweepsMax);
    }

    /// <summary>Serves one connection until it ends.</summary>
    public async Task ServeAsync(WebSocket socket, LinkPeer peer, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _connections);
        using var link = _open[id] = new NodeLink(socket, peer, _limits, _mailbox.Gate, _time, cancellation);
        try
        {
            await ReadAsync(id, socket, link);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or NotLeadingException)
        {
            LogParted(link.Remote, link.EndedFor ?? e.Message);
        }
        finally
        {
            _open.TryRemove(id, out _);
            _receiving.Leave(link);
            link.End("The conversation is over.");
            await link.Writing;
            if (link.IsGreeted)
            {
                Interlocked.Decrement(ref _greeted);
                await _mailbox.PostAsync(new LeaderInput.Parted(id), CancellationToken.None);
            }
        }
    }

    public void Send(long connection, LeaderMessage message)
    {
        if (_open.TryGetValue(connection, out var link) && !link.TrySend(Encode(message)))
            link.End("It does not take what it is sent: too much waits for it.");
    }

    /// <summary>Closes once what was sent before is out.</summary>
    public void Close(long connection)
    {
        if (_open.TryGetValue(connection, out var link))
            link.Close();
    }

    /// <summary>How many connections there are.</summary>
    public int Count => _open.Count;

    /// <inheritdoc cref="NodeLink.HandOver"/>
    public void HandOver()
    {
        foreach (var link in _open.Values)
            link.HandOver();
    }

    /// <summary>Ends every link, and says where the leader is now; null where that is not known.</summary>
    public void SendOn(LinkAddress? leader)
    {
        var redirect = leader is null ? null : Wire.Encode(new LeaderMessage.Redirect($"{leader}"));
        foreach (var link in _open.Values)
        {
            if (redirect is not null)
                link.SendOn(redirect);
            else
                link.End("This coordinator does not lead any more.");
        }
    }

    public void Dispose() => _sweep.Dispose();

    /// <summary>
    /// The same change goes to every node, and the same map to all that join: each is encoded once. Only the leader's loop calls this.
    /// </summary>
    private byte[] Encode(LeaderMessage message)
    {
        if (message is LeaderMessage.Full full)
        {
            if (_lastFull?.Message is not LeaderMessage.Full known || !ReferenceEquals(known.Map, full.Map))
                _lastFull = new Encoded(message, Wire.Encode(message));
            return _lastFull.Bytes;
        }

        if (!ReferenceEquals(_last?.Message, message))
            _last = new Encoded(message, Wire.Encode(message));
        return _last.Bytes;
    }

    private async Task ReadAsync(long id, WebSocket socket, NodeLink link)
    {
        using var late = new Deadline(_time, _limits.HelloWithin, link.Stopping);
        var reader = new WebSocketMessages(socket, _limits.HelloSizeMax, size => Hold(link, size));
        var (unheard, unheardSize) = (0, 0);
        while (await reader.ReadAsync(late.Token) is { } text)
        {
            if (!link.IsGreeted && Wire.HelloSchema(text.Span) is { } schema && schema != Wire.Schema)
            {
                RefuseBuild(link, schema);
                break;
            }

            if (!Wire.TryDecodeNodeMessage(text.Span, out var message))
            {
                LogUnreadable(link.Remote);
                return;
            }

            if (NodeMessageRules.Mistakes(message) is { IsEmpty: false } mistakes)
            {
                if (!Refuse(link, message, Mistake.Brief(mistakes)))
                    return;
                break;
            }

            link.IsHeard = true;
            if (!link.IsGreeted)
            {
                if (!Greet(link, message))
                    break;
                late.Within(Timeout.InfiniteTimeSpan);
                reader.MessageMax = _limits.MessageSizeMax;
            }

            await _mailbox.PostAsync(new LeaderInput.Said(id, link.By, message), link.Stopping);
            unheardSize += text.Length;
            if (++unheard == UnheardMax || unheardSize >= UnheardSizeMax)
            {
                // A leadership that is being renewed is no reason to cut the link: further messages wait.
                await _mailbox.Gate.PassAsync(link.Stopping);
                await _mailbox.LookAsync(_ => true, link.Stopping);
                (unheard, unheardSize) = (0, 0);
            }

            link.IsHeard = false;
        }

        if (reader.WasTooLarge)
            LogTooLarge(link.Remote, reader.MessageMax);
        // A refused node must hear why; the link's end ends this loop too.
        while (link.IsClosing && await reader.ReadAsync(link.Stopping) is not null)
        {
        }
    }

    /// <summary>
    /// A node whose hello breaks a rule is told which one, and comes again when a person may have fixed it. Any other message that breaks a rule just
    /// ends the link: false.
    /// </summary>
    private bool Refuse(NodeLink link, NodeMessage message, string mistakes)
    {
        LogRefused(link.Remote, message.GetType().Name, mistakes);
        if (message is not NodeMessage.Hello || link.IsGreeted)
            return false;
        CloseWith(link, $"The hello breaks the fleet's rules: {mistakes}.");
        return true;
    }

    /// <summary>A node of another build is told so before the rest of its hello is looked at, which may mean something else.</summary>
    private void RefuseBuild(NodeLink link, int schema)
    {
        var older = schema < Wire.Schema ? "the node" : "the coordinator";
        LogOtherBuild(link.Remote, schema, Wire.Schema);
        CloseWith(link, $"This fleet speaks schema {Wire.Schema}, the node {schema}: upgrade {older}.");
    }

    /// <summary>Returns whether the conversation goes on.</summary>
    private bool Greet(NodeLink link, NodeMessage message)
    {
        if (message is not NodeMessage.Hello hello)
        {
            LogUnreadable(link.Remote);
            return false;
        }

        if (Interlocked.Increment(ref _greeted) <= _limits.CountMax)
        {
            link.Greet(hello.Facts.Name);
            return true;
        }

        Interlocked.Decrement(ref _greeted);
        LogTooMany(link.Remote, _limits.CountMax);
        CloseWith(link, $"This coordinator has {_limits.CountMax} links and takes no more: see fleet.coordinator.limits.links.count-max.");
        return false;
    }

    /// <summary>The node may come again later: a person may have fixed the cause by then.</summary>
    private static void CloseWith(NodeLink link, string reason)
    {
        link.TrySend(Wire.Encode(new LeaderMessage.Refusal(reason, RetryAfterMs)));
        link.Close();
    }

    private void Hold(NodeLink link, int size)
    {
        if (size == 0)
            _receiving.Leave(link);
        else
            End(_receiving.Hold(link, size), "Too many messages are on their way, and its has been so for longest.");
    }

    /// <summary>Links come and go meanwhile. Sorting the dictionary itself would copy it in two steps, and throw if a link came in between.</summary>
    private void Sweep() => End(
        _open.ToArray().OrderBy(pair => pair.Key).Select(pair => pair.Value).Where(link => link.IsGreeted && link.CountSilence() > SweepsMax),
        $"Nothing whole has come from it for {_limits.IdleMax.TotalSeconds:0.#} s.");

    private void End(IEnumerable<NodeLink> links, string reason)
    {
        foreach (var link in links)
        {
            LogEnded(link.Remote, reason);
            link.End(reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Remote} parted: {Reason}")]
    private partial void LogParted(string remote, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Remote} is cut off: {Reason}")]
    private partial void LogEnded(string remote, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Remote} is cut off, its {Message} breaks the rules: {Mistakes}")]
    private partial void LogRefused(string remote, string message, string mistakes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Remote} is refused: it speaks schema {Its}, and this build schema {Ours}")]
    private partial void LogOtherBuild(string remote, int its, int ours);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Remote} said something that cannot be read; it is cut off")]
    private partial void LogUnreadable(string remote);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Remote} said more than {Max} bytes in one message; it is cut off")]
    private partial void LogTooLarge(string remote, int max);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Remote} is refused: there are {Max} links already (fleet.coordinator.limits.links.count-max)")]
    private partial void LogTooMany(string remote, int max);

    private sealed record Encoded(LeaderMessage Message, byte[] Bytes);
}
