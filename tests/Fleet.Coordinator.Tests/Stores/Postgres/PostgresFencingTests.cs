using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Postgres;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Demo.Servers;
using Fleet.Shared.Shell;

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

    /// <summary>Deposed when its snapshot is written and does not count yet.</summary>
    [PostgresFact]
    public async Task Snapshot_of_a_term_that_is_over_does_not_count()
    {
        var target = PostgresServers.Target(_connection);
        await using var sessions = StoreConnections.Sessions(target);
        await using var session = new LeaderSession(sessions);
        var won = (await session.TryCampaignAsync(C1, CancellationToken.None)).ShouldNotBeNull();
        (await session.AppendAsync(Samples.Entry(1, won.Term), "{}"u8.ToArray(), CancellationToken.None)).ShouldBeTrue();
        var queries = new PostgresQueries(sessions, target, Unasked, new AsideThread(), TimeProvider.System);
        var id = await queries.WriteSnapshotAsync(Samples.State(1, won.Term), CancellationToken.None);
        await PostgresServers.RunAsync(_connection, "update fleet_store.leader set term = term + 1");
        (await session.KeepSnapshotAsync(won.Term, id, 1000, CancellationToken.None)).ShouldBeFalse();
        (await queries.LoadSnapshotAsync(CancellationToken.None)).ShouldBeNull();
        await PostgresServers.RunAsync(_connection, "update fleet_store.leader set term = term - 1");
        (await session.KeepSnapshotAsync(won.Term, id, 1000, CancellationToken.None)).ShouldBeTrue();
        (await queries.LoadSnapshotAsync(CancellationToken.None)).ShouldNotBeNull();
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
