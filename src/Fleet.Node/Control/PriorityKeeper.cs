using Fleet.Shared.Shell;

namespace Fleet.Node.Control;

/// <summary>Keeps the threads that leases depend on ahead of other programs, for as long as the agent runs.</summary>
internal sealed partial class PriorityKeeper(TimeProvider time, ILogger<PriorityKeeper> log)
{
    public Task RunAsync(CancellationToken cancellation) => LeasePriority.KeepAsync(LogGranted, time, cancellation);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Granted}")]
    private partial void LogGranted(string granted);
}
