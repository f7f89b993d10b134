using Fleet.Coordinator.Control;
using Fleet.Coordinator.Stores;
using Fleet.Postgres;
using Fleet.Shared.Config;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// The read model beside the leader: connections and tasks of its own, so that nothing that PostgreSQL does is felt by the fleet. Off where no
/// database is configured.
/// </summary>
/// <param name="store">Opens one to read by.</param>
/// <param name="target">Null is off.</param>
/// <param name="mailbox">The mailbox of the present candidacy.</param>
internal sealed class ProjectionService(
    Func<IFleetStore> store,
    PostgresTarget? target,
    ProjectionSettings settings,
    ProjectionStatus status,
    RebuildRequests requests,
    Func<Mailbox> mailbox,
    TimeProvider time,
    ILogger<Projector> log) : BackgroundService
{
    /// <summary>One for the journal, one for what is observed, one for a rebuild.</summary>
    private const int ConnectionsMax = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (target is null)
            return;
        await Task.Yield();
        await using var source = target.Open("fleet-projection", connection =>
        {
            connection.MaxPoolSize = ConnectionsMax;
            connection.Timeout = 5;
            connection.CommandTimeout = 60;
        });
        await using var journal = store();
        var projector = new Projector(journal, source, target, status, () => mailbox().IsLeading, time, log);
        var telemetry = new TelemetryWriter(LookAsync, source, settings, time);
        var rebuilder = new Rebuilder(store, source, target, requests, projector.LookAgain, log);
        await Task.WhenAll(projector.RunAsync(stoppingToken), telemetry.RunAsync(stoppingToken), rebuilder.RunAsync(stoppingToken));
    }

    private async Task<LeaderSight?> LookAsync(CancellationToken cancellation)
    {
        try
        {
            return mailbox() is { IsLeading: true } leading
                ? await leading.LookAsync(leader => new LeaderSight(leader.State.Map, leader.Observed, leader.Planning.Last), cancellation)
                : null;
        }
        catch (NotLeadingException)
        {
            return null;
        }
    }
}
