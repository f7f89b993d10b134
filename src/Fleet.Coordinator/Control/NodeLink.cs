using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>What a link knows of the connection below it.</summary>
/// <param name="By">Who opened it, as far as that is known before its hello.</param>
/// <param name="Abort">Ends the connection at once, whatever is on its way.</param>
/// <param name="MarkAdmitted">The node has said hello, and the connection counts as a link from now on.</param>
internal sealed record LinkPeer(string Remote, Principal By, Action<string> Abort, Action MarkAdmitted);

/// <summary>
/// One WebSocket: what waits to be sent, and how long sending may take. The queue is bounded in number and in bytes. The number bounds this node's
/// own messages (acknowledgements and questions are small). The bytes bound for how long the queue keeps alive maps and changes that exist once for
/// all nodes.
/// </summary>
internal sealed class NodeLink : IDisposable
{
    private const int QueueMax = 4096;

    /// <summary>A message goes out in parts of this size: each has its own time, and a large map is not copied whole for each node.</summary>
    private const int PartMax = 64 * 1024;

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(QueueMax);
    private readonly WebSocket _socket;
    private readonly LinkPeer _peer;
    private readonly LinkLimits _limits;
    private readonly AcknowledgementGate _gate;
    private readonly Deadline _stop;
    private readonly Deadline _slow;
    private long _queued;
    private volatile bool _isHeard;
    private volatile bool _isHandingOver;
    private volatile byte[]? _last;
    private volatile int _silent;

    public NodeLink(WebSocket socket, LinkPeer peer, LinkLimits limits, AcknowledgementGate gate, TimeProvider time, CancellationToken cancellation)
    {
        (_socket, _peer, _limits, _gate) = (socket, peer, limits, gate);
        By = peer.By;
        _stop = new Deadline(time, cancellation);
        _slow = new Deadline(time, _stop.Token);
        Stopping = _stop.Token;
        Writing = WriteAsync();
    }

    public string Remote => _peer.Remote;

    /// <summary>Who is at the other end.</summary>
    public Principal By { get; private set; }

    /// <summary>Cancelled when the link is over, or about to be.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Ends when everything has been sent, or never will be.</summary>
    public Task Writing { get; }

    /// <summary>The node has said hello.</summary>
    public bool IsGreeted { get; private set; }

    /// <summary>The link is closed once everything has been sent and the other side has closed it too.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>
    /// The node's last message is on its way to the leader. Until it arrives nothing more is read, so silence is not the node's fault.
    /// </summary>
    public bool IsHeard
    {
        get => _isHeard;
        set
        {
            _isHeard = value;
            _silent = 0;
        }
    }

    /// <summary>Why the link was ended; null when it ended by itself.</summary>
    public string? EndedFor { get; private set; }

    /// <summary>Returns how many times this has been called since the node's last message.</summary>
    public int CountSilence() => _isHeard ? 0 : ++_silent;

    /// <param name="name">What the node calls itself.</param>
    public void Greet(NodeName name)
    {
        By = By.Named(name.Value);
        IsGreeted = true;
        _peer.MarkAdmitted();
    }

    /// <summary>
    /// False when too much waits already. A message that is too large on its own is sent all the same: a node that has nothing else to wait for must
    /// get its map.
    /// </summary>
    public bool TrySend(byte[] bytes)
    {
        var waiting = Interlocked.Add(ref _queued, bytes.Length);
        return (waiting <= _limits.QueueSizeMax || waiting == bytes.Length) && _queue.Writer.TryWrite(bytes);
    }

    /// <summary>Ends the link once everything before has been sent, or when that takes too long.</summary>
    public void Close()
    {
        IsClosing = true;
        _queue.Writer.TryComplete();
        UnlessOver(() => _stop.Within(_limits.WriteMax));
    }

    /// <summary>
    /// The leadership is about to end in good order. What must not leave then is dropped, and the link stays open for <see cref="SendOn"/>.
    /// </summary>
    public void HandOver() => _isHandingOver = true;

    /// <summary>
    /// Says as the last thing where the leader is now, and ends the link. It needs no leadership: whoever follows says the same.
    /// </summary>
    public void SendOn(byte[] redirect)
    {
        _last = redirect;
        Close();
    }

    /// <summary>Ends the link at once, without waiting for a node that does not read.</summary>
    public void End(string reason)
    {
        EndedFor ??= reason;
        _queue.Writer.TryComplete();
        UnlessOver(() => _peer.Abort(reason));
        UnlessOver(_stop.Cancel);
    }

    public void Dispose()
    {
        _slow.Dispose();
        _stop.Dispose();
    }

    /// <summary>The leader's loop may end a link at the moment at which it ends by itself: the loop must not end with it.</summary>
    private static void UnlessOver(Action end)
    {
        try
        {
            end();
        }
        catch (ObjectDisposedException)
        {
            // The link is over already.
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var bytes in _queue.Reader.EachAsync(Stopping))
            {
                if (await PassesAsync())
                    await SendAsync(bytes);
                Interlocked.Add(ref _queued, -bytes.Length);
            }

            if (_last is { } last)
                await SendAsync(last);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Stopping);
            _stop.Within(ClosePatience);
        }
        catch (OperationCanceledException) when (!Stopping.IsCancellationRequested)
        {
            End($"It did not take what it was sent within {_limits.WriteMax.TotalSeconds:0.#} s.");
        }
        catch (NotLeadingException e)
        {
            End(e.Message);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The reading side sees the same end and reports it.
        }
    }

    private async ValueTask<bool> PassesAsync()
    {
        try
        {
            await _gate.PassAsync(Stopping);
            return true;
        }
        catch (NotLeadingException) when (_isHandingOver)
        {
            return false;
        }
    }

    private async Task SendAsync(byte[] bytes)
    {
        var offset = 0;
        do
        {
            var part = bytes.AsMemory(offset, Math.Min(PartMax, bytes.Length - offset));
            offset += part.Length;
            var sending = _socket.SendAsync(part, WebSocketMessageType.Text, endOfMessage: offset == bytes.Length, _slow.Token);
            if (sending.IsCompletedSuccessfully)
                continue;
            _slow.Within(_limits.WriteMax);
            await sending;
            _slow.Within(Timeout.InfiniteTimeSpan);
        }
        while (offset < bytes.Length);
    }
}
