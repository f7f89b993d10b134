using System.Net.Sockets;
using System.Text.Json;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>Takes orders over a Unix domain socket from one agent at a time, the newest. Closes when no agent has been there for long enough.</summary>
internal sealed partial class OrderDesk(RelayOptions options, RelayEngine engine, ILogger logger)
{
    private static readonly TimeSpan LastWordMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when the relay has been an orphan for <see cref="RelayOptions.OrphanMax"/>.</summary>
    /// <exception cref="SocketException">The socket's path is taken or cannot be made.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(options.SocketPath));
        File.SetUnixFileMode(options.SocketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        socket.Listen(16);
        var session = Task.CompletedTask;
        CancellationTokenSource? replace = null;
        while (await NextAgentAsync(socket, () => session, stop) is { } agent)
        {
            if (replace is not null)
                await replace.CancelAsync();
            await session;
            replace?.Dispose();
            replace = CancellationTokenSource.CreateLinkedTokenSource(stop);
            session = ServeAsync(agent, replace.Token);
        }

        replace?.Dispose();
        LogOrphan(logger, options.OrphanMax);
    }

    private async Task<Socket?> NextAgentAsync(Socket socket, Func<Task> session, CancellationToken stop)
    {
        var accept = socket.AcceptAsync(stop).AsTask();
        while (!accept.IsCompleted)
        {
            if (!session().IsCompleted)
            {
                await Task.WhenAny(accept, session());
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

    private async Task ServeAsync(Socket agent, CancellationToken replaced)
    {
        using var channel = new LineChannel(agent);
        try
        {
            await channel.WriteAsync(RelayJson.Encode(engine.Greeting()), replaced);
            while (await channel.ReadAsync(replaced) is { } line)
                await channel.WriteAsync(RelayJson.Encode(engine.Apply(RelayJson.DecodeOrder(line))), replaced);
            LogAgentGone(logger);
        }
        catch (OperationCanceledException)
        {
            await SayLastWordAsync(channel);
        }
        catch (Exception e) when (e is IOException or SocketException or JsonException)
        {
            LogAgentLost(logger, e);
        }
    }

    private static async Task SayLastWordAsync(LineChannel channel)
    {
        try
        {
            using var enough = new CancellationTokenSource(LastWordMax);
            await channel.WriteAsync(RelayJson.Encode(new RelayReport { Id = 0, Replaced = true }), enough.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Who does not read is not told.
        }
    }

    [LoggerMessage(LogLevel.Warning, "No agent for {OrphanMax}: the relay ends.")]
    private static partial void LogOrphan(ILogger logger, TimeSpan orphanMax);

    [LoggerMessage(LogLevel.Warning, "The agent has closed its connection.")]
    private static partial void LogAgentGone(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The agent's connection was lost.")]
    private static partial void LogAgentLost(ILogger logger, Exception error);
}
