using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Fleet.Node.Gslb;

/// <summary>
/// One thread per core, each with its own socket on the one port (SO_REUSEPORT): the kernel spreads askers over them, and they share nothing but the
/// zone.
/// </summary>
internal sealed class UdpListener : IAsyncDisposable
{
    private const int SolSocket = 1;
    private const int SoReusePort = 15;

    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _ends = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Binds all sockets, so that no datagram meets a half-built group, and then starts the threads.</summary>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public UdpListener(IPEndPoint endpoint, DnsServerOptions options, AnswerContext context)
    {
        try
        {
            var threads = OperatingSystem.IsLinux() ? Math.Max(1, options.UdpThreads) : 1;
            for (var i = 0; i < threads; i++)
                _sockets.Add(Bind(endpoint, options));
        }
        catch
        {
            Close();
            throw;
        }

        var any = PacketInfo.IsNeededAt(endpoint.Address);
        var batched = Kernel.HasBatches
            && (any || options.UdpPath == UdpPath.Fastest); // the framework cannot say which address a datagram is to leave from
        foreach (var socket in _sockets)
        {
            var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
            Start(batched ? new UdpBatchLoop(socket, context, seed, any) : new UdpPortableLoop(socket, context, seed));
        }
    }

    /// <summary>How many threads answer.</summary>
    public int Threads => _sockets.Count;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_ends);
        Close();
    }

    private void Start(IUdpLoop loop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = _stop.Token;
        var thread = new Thread(() =>
        {
            loop.Run(stop);
            ended.SetResult();
        })
        {
            Name = $"dns-udp-{_ends.Count}",
            IsBackground = true,
        };
        _ends.Add(ended.Task);
        thread.Start();
    }

    private static Socket Bind(IPEndPoint endpoint, DnsServerOptions options)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            if (Kernel.HasBatches && PacketInfo.IsNeededAt(endpoint.Address))
                PacketInfo.Request(socket);
            socket.ReceiveBufferSize = options.UdpBufferOctets;
            socket.SendBufferSize = options.UdpBufferOctets;
            socket.ReceiveTimeout = (int)IUdpLoop.StopPatience.TotalMilliseconds;
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Close()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
        _stop.Dispose();
    }
}
