using System.Net.Sockets;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>Takes orders over a Unix domain socket from one agent at a time, the newest. Closes when no agent has been there for long enough.</summary>
internal sealed partial class OrderDesk(RelayOptions options, RelayEngine engine, ILogger logger)
{
    /// <summary>Returns when the relay has been an orphan for <see cref="RelayOptions.OrphanMax"/>.</summary>
    /// <exception cref="SocketException">The socket's path is taken or cannot be made.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(options.SocketPath));
        File.SetUnixFileMode(options.SocketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        socket.Listen(16);
        AgentSession? session = null;
        try
        {
            while (await NextAgentAsync(socket, session?.Ended ?? Task.CompletedTask, stop) is { } agent)
            {
                if (session is not null)
                    await session.EndAsync(replaced: true);
                session = new AgentSession(agent, engine, logger);
            }
        }
        finally
        {
            if (session is not null)
                await session.EndAsync(replaced: false);
        }

        LogOrphan(logger, options.OrphanMax);
    }

    private async Task<Socket?> NextAgentAsync(Socket socket, Task session, CancellationToken stop)
    {
        var accept = socket.AcceptAsync(stop).AsTask();
        while (!accept.IsCompleted)
        {
            if (!session.IsCompleted)
            {
                await Task.WhenAny(accept, session);
                continue;
            }

            using var waited = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var orphan = Task.Delay(options.OrphanMax, waited.Token);
            var first = await Task.WhenAny(accept, orphan);
            await waited.CancelAsync();
            if (first == orphan && !accept.IsCompleted && !stop.IsCancellationRequested)
                return null;
        }

        return await accept;
    }

    [LoggerMessage(LogLevel.Warning, "No agent for {OrphanMax}: the relay ends.")]
    private static partial void LogOrphan(ILogger logger, TimeSpan orphanMax);
}
