using System.Net.WebSockets;
using System.Threading.Channels;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>What a link knows of the connection below it.</summary>
/// <param name="Abort">Ends the connection at once, whatever is on its way.</param>
/// <param name="Settle">It has said hello, and counts as a link from now on.</param>
public sealed record LinkPeer(string Remote, Action<string> Abort, Action Settle);

/// <summary>
/// One WebSocket: what waits to be sent, and how long it may take. What waits is bounded in number, which bounds what is this node's own (acknowledgements and questions
/// are small), and in bytes, which bounds for how long it keeps maps and changes alive that exist once for all nodes.
/// </summary>
internal sealed class NodeLink : IDisposable
{
    private const int QueueMax = 4096;

    /// <summary>A message goes out in parts of this size: each has its own time, and a large map is not copied whole for each node.</summary>
    private const int PartMax = 64 * 1024;

    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);

    private readonly Channel<byte[]> queue = Channel.CreateBounded<byte[]>(QueueMax);
    private readonly WebSocket socket;
    private readonly LinkPeer peer;
    private readonly LinkLimits limits;
    private readonly Deadline stop;
    private readonly Deadline slow;
    private long queued;
    private volatile bool isHeard;
    private volatile int silent;

    public NodeLink(WebSocket socket, LinkPeer peer, LinkLimits limits, TimeProvider time, CancellationToken cancellation)
    {
        (this.socket, this.peer, this.limits) = (socket, peer, limits);
        stop = new Deadline(time, cancellation);
        slow = new Deadline(time, stop.Token);
        Stopping = stop.Token;
        Writing = WriteAsync();
    }

    public string Remote => peer.Remote;

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
        get => isHeard;
        set
        {
            isHeard = value;
            silent = 0;
        }
    }

    /// <summary>Why it was ended; null when it ended by itself.</summary>
    public string? EndedFor { get; private set; }

    /// <summary>Returns how many times this has been asked since its last message.</summary>
    public int CountSilence() => isHeard ? 0 : ++silent;

    public void Greet()
    {
        IsGreeted = true;
        peer.Settle();
    }

    /// <summary>False when too much waits already. What alone is too much is sent all the same: a node that has nothing else to wait for must get its map.</summary>
    public bool TrySend(byte[] bytes)
    {
        var waiting = Interlocked.Add(ref queued, bytes.Length);
        return (waiting <= limits.QueueSizeMax || waiting == bytes.Length) && queue.Writer.TryWrite(bytes);
    }

    /// <summary>Ends it once what was sent before is out, or when that takes too long.</summary>
    public void Close()
    {
        IsClosing = true;
        queue.Writer.TryComplete();
        UnlessOver(() => stop.Within(limits.WriteMax));
    }

    /// <summary>Ends it at once: whoever does not read is not waited for.</summary>
    public void End(string reason)
    {
        EndedFor ??= reason;
        queue.Writer.TryComplete();
        UnlessOver(() => peer.Abort(reason));
        UnlessOver(stop.Cancel);
    }

    public void Dispose()
    {
        slow.Dispose();
        stop.Dispose();
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
            await foreach (var bytes in queue.Reader.EachAsync(Stopping))
            {
                await SendAsync(bytes);
                Interlocked.Add(ref queued, -bytes.Length);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Stopping);
            stop.Within(ClosePatience);
        }
        catch (OperationCanceledException) when (!Stopping.IsCancellationRequested)
        {
            End($"It did not take what it was sent within {limits.WriteMax.TotalSeconds:0.#} s.");
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
            var sending = socket.SendAsync(part, WebSocketMessageType.Text, endOfMessage: offset == bytes.Length, slow.Token);
            if (sending.IsCompletedSuccessfully)
                continue;
            slow.Within(limits.WriteMax);
            await sending;
            slow.Within(Timeout.InfiniteTimeSpan);
        }
        while (offset < bytes.Length);
    }
}
