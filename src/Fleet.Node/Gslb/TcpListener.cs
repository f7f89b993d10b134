using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.Gslb;

/// <summary>Accepts connections up to a bound and serves each until it is idle, over or told to stop.</summary>
internal sealed class TcpListener : IAsyncDisposable
{
    private const int Backlog = 128;
    private const int SolSocket = 1;
    private const int SoReuseAddress = 2;

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly DnsServerOptions _options;
    private readonly AnswerContext _context;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private Task _accepting = Task.CompletedTask;

    /// <summary>
    /// Binds, and does not yet accept. The port is not shared (the framework's own "reuse address" would also set SO_REUSEPORT):
    /// a second server on the same address is an error here, before its UDP sockets could quietly take half of the queries.
    /// </summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public TcpListener(IPEndPoint endpoint, DnsServerOptions options, AnswerContext context)
    {
        _options = options;
        _context = context;
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsLinux())
                _socket.SetRawSocketOption(SolSocket, SoReuseAddress, BitConverter.GetBytes(1));
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
                _socket.DualMode = true;
            _socket.Bind(endpoint);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens; port 0 has become a port.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Begins to accept.</summary>
    public void Start() => _accepting = AcceptAsync(_stop.Token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections);
        Close();
    }

    /// <summary>Gives the port back; for a listener that never accepted, or no longer does.</summary>
    public void Close()
    {
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(stop);
                _connections.RemoveAll(connection => connection.IsCompletedSuccessfully); // a failure stays, and DisposeAsync throws it
                if (_connections.Count < _options.TcpConnectionsMax)
                    _connections.Add(new TcpConnection(socket, _context, _options.TcpIdleMax).ServeAsync(stop));
                else
                    socket.Dispose();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of descriptors, or an asker that was gone before it was accepted.
                await Task.Delay(AcceptPause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
