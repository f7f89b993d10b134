using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>Says once what priority the system grants: on a machine without spare time it decides whether leases are renewed in time.</summary>
public static partial class PriorityLog
{
    /// <summary>A grant of nothing is worth a look, but no fault: most machines have time to spare.</summary>
    public static void Say(ILogger log, PriorityGrant grant)
    {
        if (grant == PriorityGrant.RealTime)
            LogRealTime(log);
        else
            LogLess(log, grant == PriorityGrant.Nice ? "nice -10 and no real-time priority" : "no priority");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Threads that leases hang on run with real-time priority")]
    private static partial void LogRealTime(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The system grants {Granted}: leases may end on a machine without spare time. The units in infra/systemd ask for more (LimitRTPRIO, LimitNICE, CAP_SYS_NICE)")]
    private static partial void LogLess(ILogger log, string granted);
}
