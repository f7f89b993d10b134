using Fleet.Http;
using Fleet.Shared.Config;

namespace Fleet.Coordinator;

/// <summary>The bounds on strangers that this host can keep.</summary>
internal static partial class Bounds
{
    private const int HeartbeatsMissed = 10;

    /// <summary>Connections and links share the files that the process may open, and a link is not idle before ten heartbeats are missing.</summary>
    public static LimitSettings For(FleetConfig config)
    {
        var (http, links) = config.Coordinator.Limits;
        var heartbeats = config.Cluster.Lease.Heartbeat * HeartbeatsMissed;
        return new LimitSettings(
            http with { ConnectionsMax = OpenFiles.HalfFor(http.ConnectionsMax) },
            links with { CountMax = OpenFiles.HalfFor(links.CountMax), IdleMax = links.IdleMax > heartbeats ? links.IdleMax : heartbeats });
    }

    /// <summary>Logs what the configuration asks for and the host does not allow.</summary>
    public static void Tell(ILogger log, LimitSettings asked, LimitSettings kept)
    {
        if (kept.Http.ConnectionsMax < asked.Http.ConnectionsMax || kept.Links.CountMax < asked.Links.CountMax)
            LogFewer(log, kept.Http.ConnectionsMax, kept.Links.CountMax);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This process may open too few files (ulimit -n) for fleet.coordinator.limits: it takes {Connections} connections and {Links} "
            + "links. Allow it more (LimitNOFILE in a unit).")]
    private static partial void LogFewer(ILogger log, int connections, int links);
}
