using System.Net;
using System.Net.Sockets;
using Fleet.Node.DataPlanes.Relay.Balancing;
using Fleet.Node.DataPlanes.Relay.Http1;
using Fleet.Shared.Model;
using Fleet.Shared.Protocol;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// One client connection and its backend connection: two directions that are copied until both have ended, with half-close. An error in one cuts both
/// (RST).
/// </summary>
internal sealed partial class RelayConnection : IVipConnection
{
    /// <summary>How many backends are tried for one client.</summary>
    internal const int BackendsTriedMax = 3;

    /// <summary>
    /// How long a client may take to close after the relay has, so that its last bytes do not turn the close into an RST that destroys the response.
    /// </summary>
    private static readonly TimeSpan LingerMax = TimeSpan.FromSeconds(1);

    /// <summary>A connection without a request is not idle before this time: its first request may be on its way.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly RelayedVip _vip;
    private readonly PortPlan _plan;
    private readonly Socket _client;
    private readonly TimeSpan _connectTimeout;
    private readonly Instant _accepted;
    private readonly Http1Meter? _meter;
    private readonly Lock _lock = new();
    private Socket? _server;
    private PooledBackend? _backend;
    private long _requestsCounted;
    private bool _sending;
    private bool _ended;
    private bool _aborted;

    public RelayConnection(RelayedVip vip, PortPlan plan, int port, Socket client, TimeSpan connectTimeout)
    {
        _vip = vip;
        _plan = plan;
        _client = client;
        _connectTimeout = connectTimeout;
        Port = port;
        _accepted = vip.Now;
        _meter = plan.Protocol == ListenerProtocol.Http ? new Http1Meter() : null;
    }

    public int Port { get; }

    public Task Completion { get; private set; } = Task.CompletedTask;

    private bool MayServe => _vip.MayServe;

    public void Start() => Completion = RunAsync();

    /// <summary>Cuts both connections with RST, now.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            _aborted = true;
            _client.Close(0);
            _server?.Close(0);
        }
    }

    /// <summary>
    /// Closes this connection with FIN if it is to end (its VIP is drained, or its backend has left the plan) and no request is unanswered. Nobody
    /// knows what a connection of a TCP service is doing, so it is never idle.
    /// </summary>
    public bool EndIfIdle()
    {
        if (_meter is null || !(_vip.Draining || _backend is { Gone: true }))
            return false;
        lock (_lock)
        {
            if (_ended
                || _aborted
                || _sending
                || _server is null
                || !_meter.IsIdle(_vip.Now)
                || (_meter.Requests == 0 && _vip.Now - _accepted < FreshFor))
                return false;
            _ended = true;
            TryShutdown(_client, SocketShutdown.Send);
            TryShutdown(_server, SocketShutdown.Both);
            return true;
        }
    }

    private static void TryShutdown(Socket socket, SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already, which is what was wanted.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            _client.NoDelay = true;
            _client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            if (await ConnectAsync() && await TryIntroduceAsync())
                await CopyAsync();
            else
                Abort();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Abort();
        }
        finally
        {
            _client.Dispose();
            _server?.Dispose();
            if (_backend is not null)
                _plan.Pool.Leave(_backend);
            _vip.Leave(this);
        }
    }

    private async Task<bool> ConnectAsync()
    {
        var address = ((IPEndPoint)_client.RemoteEndPoint!).Address;
        var tried = new List<PooledBackend>();
        while (tried.Count < BackendsTriedMax && MayServe && _plan.Pool.Enter(address, tried) is { } backend)
        {
            tried.Add(backend);
            if (await TryConnectAsync(backend.Backend.Address))
            {
                _backend = backend;
                return true;
            }

            _plan.Pool.Leave(backend);
            LogBackendFailed(_vip.Logger, _vip.Address.ToString(), backend.Backend.Name);
        }

        return false;
    }

    private async Task<bool> TryConnectAsync(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            using var timeout = new CancellationTokenSource(_connectTimeout);
            await socket.ConnectAsync(endpoint, timeout.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return false;
        }

        lock (_lock)
        {
            _server = socket;
            if (_aborted)
                socket.Close(0);
        }

        return true;
    }

    private async Task<bool> TryIntroduceAsync()
    {
        if (!_plan.ProxyProtocol)
            return true;
        var header = new byte[ProxyHeader.WriteSizeMax];
        if (!ProxyHeader.TryWrite(header, (IPEndPoint)_client.RemoteEndPoint!, (IPEndPoint)_client.LocalEndPoint!, _vip.Node, out var length)
            || !MayServe)
            return false;
        await _server!.SendAsync(header.AsMemory(0, length), SocketFlags.None);
        return true;
    }

    private async Task CopyAsync()
    {
        var up = Pump.RunAsync(_client, _server!, TakeRequestBytes, _ => { }, Abort);
        await Pump.RunAsync(_server!, _client, TakeResponseBytes, AfterResponseBytes, Abort);
        if (_meter is null && !_ended)
        {
            await up; // A client of a TCP service may go on sending after its server has ended.
            return;
        }

        try
        {
            await up.WaitAsync(LingerMax);
        }
        catch (TimeoutException)
        {
            _client.Dispose();
            await up;
        }
    }

    private PumpStep TakeRequestBytes(ReadOnlySpan<byte> bytes)
    {
        if (!MayServe)
            return PumpStep.Cut;
        if (_meter is not null)
        {
            lock (_lock)
            {
                if (_ended)
                    return PumpStep.Discard;
                _meter.OnRequestBytes(bytes, _vip.Now);
                _vip.CountRequests(_meter.Requests - _requestsCounted);
                _requestsCounted = _meter.Requests;
            }
        }

        _vip.CountIn(bytes.Length);
        return PumpStep.Forward;
    }

    private PumpStep TakeResponseBytes(ReadOnlySpan<byte> bytes)
    {
        if (!MayServe)
            return PumpStep.Cut;
        if (_meter is not null)
        {
            lock (_lock)
            {
                if (_ended)
                    return PumpStep.Discard;
                _meter.OnResponseBytes(bytes, _vip.Now);
                _sending = true;
            }
        }

        return PumpStep.Forward;
    }

    /// <summary>Right after a response is the kindest moment to close: the client cannot have sent its next request yet.</summary>
    private void AfterResponseBytes(int bytes)
    {
        _vip.CountOut(bytes);
        if (_meter is null)
            return;
        lock (_lock)
            _sending = false;
        EndIfIdle();
    }

    [LoggerMessage(LogLevel.Debug, "A connection to {Vip} could not be opened to backend {Backend}.")]
    private static partial void LogBackendFailed(ILogger logger, string vip, string backend);
}
