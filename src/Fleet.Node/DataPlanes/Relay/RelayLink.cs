using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Fleet.Node.Core;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>One connection from an agent to a relay. It is read all the time, so that a relay that dies is known to be dead at once and not with the next order.</summary>
internal sealed class RelayLink : IDisposable
{
    private readonly LineChannel _channel;
    private readonly Channel<RelayReport> _reports = Channel.CreateUnbounded<RelayReport>(new UnboundedChannelOptions { SingleWriter = true });

    private RelayLink(LineChannel channel, int pid)
    {
        _channel = channel;
        Pid = pid;
        Ended = ListenAsync();
    }

    public int Pid { get; }

    /// <summary>What the relay held when we came.</summary>
    public RelayReport Found { get; private set; } = new() { Id = 0 };

    /// <summary>The plan that the relay has been given; null before the first.</summary>
    public NodePlan? Plan { get; set; }

    /// <summary>It has just been started and may answer its first order late.</summary>
    public bool Fresh { get; set; }

    /// <summary>Completes when the connection has ended, whoever ended it; it never fails.</summary>
    public Task Ended { get; }

    /// <summary>The connection has ended because the relay has a newer agent.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Connects and waits for the greeting; throws what <see cref="Socket"/> and <see cref="AskAsync"/> throw.</summary>
    public static async Task<RelayLink> OpenAsync(string path, Action<int> peerFound, TimeSpan wait, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var link = default(RelayLink);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            var pid = RelayChild.PeerOf(socket);
            peerFound(pid);
            link = new RelayLink(new LineChannel(socket), pid);
            link.Found = await link.ReadAsync(0, wait, cancellation);
            return link;
        }
        catch
        {
            link?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="TimeoutException">No answer came in time.</exception>
    /// <exception cref="IOException">The connection has ended.</exception>
    /// <exception cref="RelayReplacedException">The relay has a newer agent.</exception>
    public async Task<RelayReport> AskAsync(RelayOrder order, TimeSpan wait, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(wait);
        try
        {
            await _channel.WriteAsync(RelayJson.Encode(order), late.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The relay took no order for {wait}.", e);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has closed the connection; its last word is still to be read.
        }

        return await ReadAsync(order.Id, wait, cancellation);
    }

    public void Dispose() => _channel.Dispose();

    private async Task<RelayReport> ReadAsync(long id, TimeSpan wait, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(wait);
        try
        {
            while (true)
            {
                var report = await _reports.Reader.ReadAsync(late.Token);
                if (report.Id == id)
                    return report;
            }
        }
        catch (ChannelClosedException e) when (IsReplaced)
        {
            throw new RelayReplacedException(e);
        }
        catch (ChannelClosedException e)
        {
            throw new IOException("The relay has closed the connection.", e.InnerException);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The relay gave no answer for {wait}.", e);
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            while (!IsReplaced && await _channel.ReadAsync(CancellationToken.None) is { } line)
            {
                var report = RelayJson.DecodeReport(line);
                IsReplaced = report.Replaced;
                if (!report.Replaced)
                    _reports.Writer.TryWrite(report);
            }

            _reports.Writer.TryComplete();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or JsonException)
        {
            _reports.Writer.TryComplete(e);
        }
    }
}
