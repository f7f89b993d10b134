using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Shared.Config;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>What a link knows of the connection below it.</summary>
/// <param name="By">Who opened it, as far as that is known before its hello.</param>
/// <param name="Abort">Ends the connection at once, whatever is on its way.</param>
/// <param name="MarkAdmitted">It has said hello, and counts as a link from now on.</param>
internal sealed record LinkPeer(string Remote, Principal By, Action<string> Abort, Action MarkAdmitted);

/// <summary>
/// One WebSocket: what waits to be sent, and how long it may take. What waits is bounded in number, which bounds what is this node's own
/// (acknowledgements and questions are small), and in bytes, which bounds for how long it keeps maps and changes alive that exist once for all nodes.
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

    /// <summary>Over, or about to be.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Ends when everything is out, or never will be.</summary>
    public Task Writing { get; }

    /// <summary>It has said hello.</summary>
    public bool IsGreeted { get; private set; }

    /// <summary>It is closed once everything is out, and the other side has closed it too.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Its last message is on its way to the leader: until it is there nothing more is read, and silence is not the node's.</summary>
    public bool IsHeard
    {
        get => _isHeard;
        set
        {
            _isHeard = value;
            _silent = 0;
        }
    }

    /// <summary>Why it was ended; null when it ended by itself.</summary>
    public string? EndedFor { get; private set; }

    /// <summary>Returns how many times this has been asked since its last message.</summary>
    public int CountSilence() => _isHeard ? 0 : ++_silent;

    /// <param name="name">What it calls itself.</param>
    public void Greet(NodeName name)
    {
        By = By.Named(name.Value);
        IsGreeted = true;
        _peer.MarkAdmitted();
    }

    /// <summary>
    /// False when too much waits already. What alone is too much is sent all the same: a node that has nothing else to wait for must get its map.
    /// </summary>
    public bool TrySend(byte[] bytes)
    {
        var waiting = Interlocked.Add(ref _queued, bytes.Length);
        return (waiting <= _limits.QueueSizeMax || waiting == bytes.Length) && _queue.Writer.TryWrite(bytes);
    }

    /// <summary>Ends it once what was sent before is out, or when that takes too long.</summary>
    public void Close()
    {
        IsClosing = true;
        _queue.Writer.TryComplete();
        UnlessOver(() => _stop.Within(_limits.WriteMax));
    }

    /// <summary>Ends it at once: whoever does not read is not waited for.</summary>
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

    /// <summary>The leader's loop ends links, also those that end by themselves at the same moment: it must not end with them.</summary>
    private static void UnlessOver(Action end)
    {
        try
        {
            end();
        }
        catch (ObjectDisposedException)
        {
            // It is over already.
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var bytes in _queue.Reader.EachAsync(Stopping))
            {
                await _gate.PassAsync(Stopping);
                await SendAsync(bytes);
                Interlocked.Add(ref _queued, -bytes.Length);
            }

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
            // The reading side sees the same end and says so.
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
