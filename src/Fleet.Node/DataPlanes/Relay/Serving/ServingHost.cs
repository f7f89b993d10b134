using Fleet.Shared.Shell;

namespace Fleet.Node.DataPlanes.Relay.Serving;

/// <summary>This host: its clock, threads and sockets.</summary>
/// <param name="connectTimeout">How long a backend may take to accept a connection before another is tried.</param>
internal sealed class ServingHost(TimeSpan connectTimeout) : IServingHost
{
    public MonotonicClock Clock => MonotonicClock.System;

    /// <inheritdoc/>
    public IAlarm Alarm(Action ring) => new ThreadAlarm(Clock, ring);

    /// <inheritdoc/>
    public IVipListener Listen(RelayedVip vip, int port, PortPlan plan) => new VipListener(vip, port, plan, connectTimeout);

    /// <inheritdoc/>
    public IAgentDoor Open(string path) => new AgentDoor(path);
}
