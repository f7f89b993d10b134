using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>Keeps the threads that carry heartbeats and acknowledgements ahead of other programs, for as long as the coordinator runs.</summary>
internal sealed partial class PriorityKeeper(TimeProvider time, ILogger<PriorityKeeper> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => LeasePriority.KeepAsync(LogGranted, time, stoppingToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Granted}")]
    private partial void LogGranted(string granted);
}
