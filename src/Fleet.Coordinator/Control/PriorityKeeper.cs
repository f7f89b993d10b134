using Fleet.Shared.Shell;

namespace Fleet.Coordinator.Control;

/// <summary>Keeps the threads that carry heartbeats and acknowledgements ahead of other programs, for as long as the coordinator runs.</summary>
public sealed class PriorityKeeper(TimeProvider time, ILogger<PriorityKeeper> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => LeasePriority.KeepAsync(grant => PriorityLog.Say(log, grant), time, stoppingToken);
}
