namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>A relay from its first order to its end, on whatever host.</summary>
internal sealed class RelayProgram(RelayOptions options, IServingHost host, ILoggerFactory logs)
{
    /// <summary>Returns when it has been without an agent for too long; lets go of everything, however it ends.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var engine = new RelayEngine(host, options.Node, logs.CreateLogger("relay"));
        using var door = host.Open(options.SocketPath);
        await new AgentSessions(door, engine, options.OrphanMax, host.Clock.Time, logs.CreateLogger("relay.orders")).RunAsync(stop);
    }
}
