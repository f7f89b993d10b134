using System.Net;
using System.Net.Sockets;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// One listening socket, for one port of one VIP. While another process still has the address it tries again every <see cref="RetryEvery"/>; after
/// <see cref="RetryHard"/> it tries at a tenth of the pace. SO_REUSEADDR (which .NET sets on every TCP bind on Unix) lets it bind over connections in
/// TIME_WAIT, and never over another listener; SO_REUSEPORT, which would, is not set.
/// </summary>
internal sealed partial class VipListener : IVipListener
{
    private const int Backlog = 1024;
    private const int IpLevel = 0;
    private const int FreeBindOfIpv4 = 15; // IP_FREEBIND of ip(7)
    private const int Ipv6Level = 41;
    private const int FreeBindOfIpv6 = 78; // IPV6_FREEBIND
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan RetryHard = TimeSpan.FromSeconds(2);
    private readonly RelayedVip _vip;
    private readonly int _port;
    private readonly TimeSpan _connectTimeout;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly Lock _lock = new();
    private Socket? _socket;
    private bool _acceptFailed;
    private volatile string? _failure;
    private volatile PortPlan _plan;

    public VipListener(RelayedVip vip, int port, PortPlan plan, TimeSpan connectTimeout)
    {
        _vip = vip;
        _port = port;
        _connectTimeout = connectTimeout;
        _plan = plan;
        _closed = _closing.Token;
        var bound = TryBind();
        Completion = RunAsync(bound);
    }

    /// <summary>Ends some time after <see cref="Dispose"/>.</summary>
    public Task Completion { get; }

    public string? Failure => _failure;

    public PortPlan Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <summary>Stops listening: when this returns, another process can bind.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed.IsCancellationRequested)
                return;
            _closing.Cancel();
            _closing.Dispose();
            _socket?.Dispose();
            _socket = null;
        }
    }

    private async Task RunAsync(bool bound)
    {
        try
        {
            var hardUntil = _vip.Now + RetryHard;
            while (!bound)
            {
                await Task.Delay(_vip.Now < hardUntil ? RetryEvery : RetryEvery * 10, _closed);
                bound = TryBind();
            }

            while (!_closed.IsCancellationRequested)
                await AcceptAsync();
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
        catch (ObjectDisposedException) when (_closed.IsCancellationRequested)
        {
            // Closed between two accepts.
        }
    }

    private async Task AcceptAsync()
    {
        if (_socket is not { } socket)
            return;
        Socket client;
        try
        {
            client = await socket.AcceptAsync(_closed);
        }
        catch (SocketException e) when (!_closed.IsCancellationRequested)
        {
            // A client that is gone already, or no descriptor left: the listener lives on.
            if (!_acceptFailed)
                LogAcceptFailed(_vip.Logger, e, _vip.Address.ToString(), _port);
            _acceptFailed = true;
            await Task.Delay(RetryEvery, _closed);
            return;
        }

        _acceptFailed = false;
        var connection = new RelayConnection(_vip, _plan, _port, client, _connectTimeout);
        if (_vip.Enter(connection))
            connection.Start();
        else
            connection.Abort();
    }

    private bool TryBind()
    {
        lock (_lock)
        {
            _closed.ThrowIfCancellationRequested();
            var endpoint = new IPEndPoint(_vip.Address.Value, _port);
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (!_vip.MayServe)
                    throw new SocketException((int)SocketError.TimedOut, "the lease is over");
                if (_vip.FreeBind)
                    LetBindAnywhere(socket, _vip.Address.IsV6);
                socket.Bind(endpoint);
                socket.Listen(Backlog);
                _socket = socket;
                _failure = null;
                return true;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                if (_failure is null)
                    LogBindFailed(_vip.Logger, e.Message, _vip.Address.ToString(), _port);
                _failure = $"cannot listen on {endpoint}: {e.Message}";
                return false;
            }
        }
    }

    private static void LetBindAnywhere(Socket socket, bool isV6)
    {
        if (isV6)
            socket.SetRawSocketOption(Ipv6Level, FreeBindOfIpv6, BitConverter.GetBytes(1));
        else
            socket.SetRawSocketOption(IpLevel, FreeBindOfIpv4, BitConverter.GetBytes(1));
    }

    [LoggerMessage(LogLevel.Warning, "Cannot listen on {Vip} port {Port} yet: {Reason}.")]
    private static partial void LogBindFailed(ILogger logger, string reason, string vip, int port);

    [LoggerMessage(LogLevel.Warning, "Accepting on {Vip} port {Port} failed.")]
    private static partial void LogAcceptFailed(ILogger logger, Exception error, string vip, int port);
}
