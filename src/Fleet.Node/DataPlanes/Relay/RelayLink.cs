using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>
/// One connection from an agent to a relay. It is read all the time, so that a relay that dies is known to be dead at once and not with the next
/// order.
/// </summary>
internal sealed class RelayLink : IDisposable
{
    private readonly LineChannel _channel;
    private readonly Channel<RelayReport> _reports = Channel.CreateUnbounded<RelayReport>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly TimeProvider _time;
    private Exception? _failure;

    private RelayLink(RelayPeer peer, TimeProvider time)
    {
        _channel = new LineChannel(peer.Stream);
        _time = time;
        Pid = peer.Pid;
        Ended = ListenAsync();
    }

    public int Pid { get; }

    /// <summary>What the relay held when we came.</summary>
    public RelayReport Found { get; private set; } = new() { Id = 0 };

    /// <summary>What the relay has been told, which is not sent again. An empty order before the first.</summary>
    public RelayOrder Told { get; private set; } = new() { Id = 0 };

    /// <summary>It has just been started and may answer its first order late.</summary>
    public bool Fresh { get; set; }

    /// <summary>Completes when the connection has ended, whoever ended it; it never fails.</summary>
    public Task Ended { get; }

    /// <summary>The connection has ended because the relay has a newer agent.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Connects and waits for the greeting; null when nobody listens there. Throws what <see cref="AskAsync"/> throws.</summary>
    public static async Task<RelayLink?> OpenAsync(
        IRelayHost host, TimeProvider time, string path, Action<int> peerFound, TimeSpan wait, CancellationToken cancellation)
    {
        if (await host.ConnectAsync(path, cancellation) is not { } peer)
            return null;
        peerFound(peer.Pid);
        var link = new RelayLink(peer, time);
        try
        {
            link.Found = await link.ReadAsync(0, wait, cancellation);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <param name="wish">Everything that is wanted; what the relay has already been told is left out.</param>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    /// <exception cref="IOException">The connection has ended.</exception>
    /// <exception cref="RelayReplacedException">The relay has a newer agent.</exception>
    public async Task<RelayReport> AskAsync(RelayOrder wish, TimeSpan wait, CancellationToken cancellation)
    {
        var report = await SendAsync(wish.Without(Told), wait, cancellation);
        Told = wish;
        return report;
    }

    public void Dispose() => _channel.Dispose();

    private async Task<RelayReport> SendAsync(RelayOrder order, TimeSpan wait, CancellationToken cancellation)
    {
        using var late = new Deadline(_time, wait, cancellation);
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
            // The relay has closed the connection; its last word is still to be read.
        }

        return await ReadAsync(order.Id, wait, cancellation);
    }

    private async Task<RelayReport> ReadAsync(long id, TimeSpan wait, CancellationToken cancellation)
    {
        using var late = new Deadline(_time, wait, cancellation);
        try
        {
            while (await _reports.Reader.WaitToReadAsync(late.Token))
            {
                while (_reports.Reader.TryRead(out var report))
                {
                    if (report.Id == id)
                        return report;
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The relay gave no answer for {wait}.", e);
        }

        throw IsReplaced ? new RelayReplacedException() : new IOException("The relay has closed the connection.", _failure);
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
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or JsonException)
        {
            _failure = e;
        }

        _reports.Writer.TryComplete();
    }
}
