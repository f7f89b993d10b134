using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Postgres;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Postgres;

/// <summary>The lock is what elects, and the row is what fences: where the two part, nothing is written.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresFencingTests(PostgresServers servers) : IAsyncLifetime
{
    /// <summary>The leader does not ask before its next write.</summary>
    private static readonly PostgresStoreOptions Unasked =
        PostgresStoreOptions.Default with { Timing = new LeadershipTiming(TimeSpan.FromMinutes(2)) };

    private static readonly CoordinatorAddress C1 = new("c1", null, null);

    private string _connection = "";

    public async Task InitializeAsync()
    {
        if (PostgresServer.IsInstalled && PgBouncer.IsInstalled)
            (_connection, _) = await servers.NewStoreAsync();
    }

    public Task DisposeAsync() => _connection.Length == 0 ? Task.CompletedTask : servers.DropAsync(_connection);

    [PostgresFact]
    public async Task Term_that_is_over_writes_nothing_even_in_a_session_that_has_the_lock()
    {
        await using var store = PostgresServers.Open(_connection, Unasked);
        var leadership = await store.CampaignAsync(C1, CancellationToken.None);
        await store.AppendAsync(Samples.Entry(1, leadership.Term), CancellationToken.None);
        await PostgresServers.RunAsync(_connection, "update fleet_store.leader set term = term + 1");
        await FencedAsync(() => store.AppendAsync(Samples.Entry(2, leadership.Term), CancellationToken.None), leadership);
        (await PostgresServers.RunAsync(_connection, "select count(*) from fleet_store.journal")).ShouldBe(1L);
    }

    /// <summary>What a pooler does that gives each transaction another session.</summary>
    [PostgresFact]
    public async Task Session_that_is_not_the_one_that_took_the_lock_writes_nothing()
    {
        await using var store = PostgresServers.Open(_connection, Unasked);
        var leadership = await store.CampaignAsync(C1, CancellationToken.None);
        await PostgresServers.RunAsync(_connection, "update fleet_store.leader set backend_pid = 1");
        await FencedAsync(() => store.AppendAsync(Samples.Entry(1, leadership.Term), CancellationToken.None), leadership);
        (await PostgresServers.RunAsync(_connection, "select count(*) from fleet_store.journal")).ShouldBe(0L);
    }

    [PostgresFact]
    public async Task Leader_that_asks_hears_that_the_row_has_another_term()
    {
        await using var store = PostgresServers.Open(_connection);
        var leadership = await store.CampaignAsync(C1, CancellationToken.None);
        await PostgresServers.RunAsync(_connection, "update fleet_store.leader set term = term + 1");
        for (var tries = 0; !leadership.Ended.IsCancellationRequested && tries < 1000; tries++)
            await Task.Delay(20);
        leadership.Ended.IsCancellationRequested.ShouldBeTrue();
    }

    private static async Task FencedAsync(Func<Task> write, Leadership leadership)
    {
        await Should.ThrowAsync<FencedException>(write);
        leadership.IsValid.ShouldBeFalse();
    }
}
