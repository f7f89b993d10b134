using Fleet.EndToEnd.Tests.Wan;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>
/// The database of the read model is away while a node is killed: failovers do not depend on it, and it has every event once afterwards.
/// </summary>
[Collection(EtcdFleet.Name)]
public sealed class StoppedDatabaseTests(EtcdFleet stage)
{
    /// <summary>
    /// Two failovers alike differ by a heartbeat, the probes' periods and what the machine does beside them: one pair alone says little beyond that
    /// nobody waits for the database, whose driver gives up after seconds.
    /// </summary>
    private static double SlowerMax => Pairs < 3 ? 300 : 150;

    /// <summary>
    /// Pairs of failovers, and for how long the database is away: <c>./fleet bench database</c> asks for more than a test has time for.
    /// </summary>
    private static int Pairs => Number("FLEET_PAIRS", 1);

    private static TimeSpan Away => TimeSpan.FromSeconds(Number("FLEET_DATABASE_AWAY", 5));

    [StoreFact]
    public async Task Failover_is_no_slower_while_the_database_is_away_and_afterwards_it_has_every_event_once()
    {
        var differences = new List<double>();
        for (var i = 0; i < Pairs; i++)
        {
            // Whatever changes as time goes by is shared fairly.
            var (with, without) = i % 2 == 0 ? (await RunAsync(false), await RunAsync(true)) : Swapped(await RunAsync(true), await RunAsync(false));
            differences.Add(without - with);
            Figures.Say($"failover with the database {with:0} ms, while it was away for {Away.TotalSeconds:0} s {without:0} ms");
        }

        EtcdFleet.Median(differences).ShouldBeLessThanOrEqualTo(SlowerMax, $"{string.Join(", ", differences)}\n{stage.Fleet.Logs()}");
        var compared = await ProjectedJournal.HoldsEveryEventOnceAsync(stage.Postgres, stage.Etcd);
        compared.ShouldBeGreaterThan(Pairs * 2);
        Figures.Say($"database away: {compared} events compared, median difference {EtcdFleet.Median(differences):0} ms");
    }

    /// <returns>For how long a VIP of the node that was killed was out, in milliseconds.</returns>
    private async Task<double> RunAsync(bool isAway)
    {
        var (_, map) = await stage.BeWellAsync();
        var (node, _) = stage.Oldest(map);
        if (isAway)
        {
            await stage.Postgres.EndAsync();
            await Task.Delay(Away / 2);
            Runbook.Shows("database-lost-log", stage.Fleet.LogsOf("coordinator"));
        }

        var kill = await NodeKill.OfAsync(stage.Fleet, node.Name, EtcdFleet.FailoverMax);
        kill.OutageMs.ShouldBeLessThanOrEqualTo(EtcdFleet.FailoverMax.TotalMilliseconds, kill.Story);
        if (isAway)
        {
            await Task.Delay(Away / 2);
            await stage.Postgres.StartAgainAsync();
        }

        stage.ReplaceNode();
        await stage.BeWellAsync();
        return kill.OutageMs;
    }

    private static (double, double) Swapped(double first, double second) => (second, first);

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : usual;
}
