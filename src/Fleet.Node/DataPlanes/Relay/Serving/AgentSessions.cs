using System.Net.Sockets;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>Takes orders from one agent at a time, the newest. Closes when no agent has been there for long enough.</summary>
internal sealed partial class AgentSessions(IAgentDoor door, RelayEngine engine, TimeSpan orphanMax, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when the relay has been an orphan for as long as it may be one.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        AgentSession? session = null;
        try
        {
            while (await NextAgentAsync(session?.Ended ?? Task.CompletedTask, stop) is { } agent)
            {
                if (session is not null)
                    await session.EndAsync(replaced: true);
                session = new AgentSession(agent, engine, time, logger);
            }
        }
        finally
        {
            if (session is not null)
                await session.EndAsync(replaced: false);
        }

        LogOrphan(logger, orphanMax);
    }

    private async Task<IAgentConnection?> NextAgentAsync(Task session, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var next = AcceptAsync(ended.Token);
        try
        {
            while (!next.IsCompleted)
            {
                if (!session.IsCompleted)
                {
                    await Task.WhenAny(next, session);
                    continue;
                }

                await session; // If the session fails, something is broken that nobody foresaw, and the relay fails too.
                var orphan = Task.Delay(orphanMax, time, ended.Token);
                var first = await Task.WhenAny(next, orphan);
                if (stop.IsCancellationRequested)
                    break;
                if (first == orphan && !next.IsCompleted)
                    return null;
            }

            return await next;
        }
        finally
        {
            ended.Cancel();
        }
    }

    /// <summary>An agent that cannot be let in, because descriptors are short for example, ends nothing.</summary>
    private async Task<IAgentConnection> AcceptAsync(CancellationToken ended)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                return await door.NextAsync(ended);
            }
            catch (Exception e) when (e is IOException or SocketException && !ended.IsCancellationRequested)
            {
                if (!said)
                    LogNotLetIn(logger, e);
            }

            await Task.Delay(RetryEvery, time, ended);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An agent could not be let in; trying again.")]
    private static partial void LogNotLetIn(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "No agent for {OrphanMax}: the relay ends.")]
    private static partial void LogOrphan(ILogger logger, TimeSpan orphanMax);
}
