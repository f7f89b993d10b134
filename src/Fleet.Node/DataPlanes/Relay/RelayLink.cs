using System.Net.Sockets;

namespace Fleet.Node.DataPlanes.Relay;

/// <summary>One connection from an agent to its relay.</summary>
internal sealed class RelayLink : IDisposable
{
    private readonly LineChannel _channel;

    private RelayLink(LineChannel channel, int pid, RelayReport found)
    {
        _channel = channel;
        Pid = pid;
        Found = found;
    }

    public int Pid { get; }

    /// <summary>What the relay held when we came.</summary>
    public RelayReport Found { get; }

    /// <summary>The relay has been given the plan that stands now.</summary>
    public bool KnowsPlan { get; set; }

    /// <summary>It has just been started and may answer its first order late.</summary>
    public bool Fresh { get; set; }

    /// <summary>Connects and waits for the greeting; throws what <see cref="Socket"/> and <see cref="AskAsync"/> throw.</summary>
    public static async Task<RelayLink> OpenAsync(string path, Action<int> peerFound, TimeSpan wait, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var channel = default(LineChannel);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            var pid = RelayChild.PeerOf(socket);
            peerFound(pid);
            channel = new LineChannel(socket);
            return new RelayLink(channel, pid, await ReadAsync(channel, 0, wait, cancellation));
        }
        catch
        {
            channel?.Dispose();
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
        catch (IOException)
        {
            // It has closed the connection; its last word is still to be read.
        }

        return await ReadAsync(_channel, order.Id, wait, cancellation);
    }

    public void Dispose() => _channel.Dispose();

    private static async Task<RelayReport> ReadAsync(LineChannel channel, long id, TimeSpan wait, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(wait);
        try
        {
            while (await channel.ReadAsync(late.Token) is { } line)
            {
                var report = RelayJson.DecodeReport(line);
                if (report.Replaced)
                    throw new RelayReplacedException();
                if (report.Id == id)
                    return report;
            }
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The relay gave no answer for {wait}.", e);
        }

        throw new IOException("The relay has closed the connection.");
    }
}
