using System.Net;
using System.Net.Sockets;
using Fleet.Node.Core;
using Fleet.Shared.Map;
using Fleet.Shared.Model;
using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>
/// One request through an engine of its own, on loopback ports that nobody knows, before the first order: the code is compiled by then, and the first
/// client after a takeover does not wait for the compiler (70 ms and more on a busy machine, and up to a second for the first plan).
/// </summary>
internal static partial class WarmUp
{
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(3);

    private static ReadOnlyMemory<byte> Request { get; } = "GET / HTTP/1.1\r\nHost: warm-up\r\n\r\n"u8.ToArray();

    private static ReadOnlyMemory<byte> Response { get; } = "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray();

    /// <summary>A warm-up that fails is logged and nothing else.</summary>
    public static async Task RunAsync(ILogger logger, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(Max);
        try
        {
            using var server = new TcpListener(IPAddress.Loopback, 0);
            server.Start();
            var answering = AnswerAsync(server, enough.Token);
            var port = FreePort();
            using var engine = new RelayEngine(new ServingHost(connectTimeout: Max), "warm-up", logger);
            engine.Apply(
                RelayJson.DecodeOrder(System.Text.Encoding.UTF8.GetString(RelayJson.Encode(OrderOf(port, (IPEndPoint)server.LocalEndpoint)))));
            await AskAsync(new IPEndPoint(IPAddress.Loopback, port), enough.Token);
            await answering;
            engine.Apply(new RelayOrder { Id = 2, Draining = [new VipAddress(IPAddress.Loopback)], ReadCounters = true });
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            LogFailed(logger, e);
        }
    }

    private static RelayOrder OrderOf(int port, IPEndPoint server)
    {
        var vip = new VipAddress(IPAddress.Loopback);
        var service = new ServicePlan(
            new ServiceName("warm-up"),
            [new Listener(port, ListenerProtocol.Http)],
            [vip],
            [new BackendServer("server", server)],
            BalancePolicy.RoundRobin,
            ProxyProtocol: true);
        return new RelayOrder
        {
            Id = 1,
            Plan = new NodePlan { Services = [service] },
            Backends = BackendStates.None with { Weights = BackendStates.None.Weights.Add(new BackendKey(service.Name, "server"), 1) },
            Hold = new RelayHold([vip], (MonotonicClock.System.Now + Max).Micros),
            Draining = [],
            ReadCounters = true,
        };
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task AnswerAsync(TcpListener server, CancellationToken cancellation)
    {
        using var socket = await server.AcceptSocketAsync(cancellation);
        var buffer = new byte[1024];
        var seen = 0;
        while (!buffer.AsSpan(0, seen).EndsWith(Request.Span) && await socket.ReceiveAsync(buffer.AsMemory(seen), cancellation) is var length and > 0)
            seen += length;
        await socket.SendAsync(Response, cancellation);
    }

    private static async Task AskAsync(IPEndPoint vip, CancellationToken cancellation)
    {
        using var socket = new Socket(vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(vip, cancellation);
        await socket.SendAsync(Request, cancellation);
        await socket.ReceiveAsync(new byte[1024].AsMemory(), cancellation);
    }

    [LoggerMessage(LogLevel.Information, "The warm-up before the first order failed.")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
