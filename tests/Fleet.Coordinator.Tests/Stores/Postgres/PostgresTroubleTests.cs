using System.Diagnostics;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Postgres;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Demo.Servers;

namespace Fleet.Coordinator.Tests.Stores.Postgres;

/// <summary>What the contract cannot cause: each test has a server of its own, and hurts it.</summary>
public sealed partial class PostgresTroubleTests : IAsyncLifetime
{
    private static readonly CoordinatorAddress C1 = new("c1", null, null);
    private static readonly CoordinatorAddress C2 = new("c2", null, null);

    private readonly CancellationTokenSource _bound = new(TimeSpan.FromSeconds(100));
    private readonly List<IAsyncDisposable> _opened = [];
    private PostgresServer? _server;
    private string _connection = "";

    private CancellationToken Bound => _bound.Token;

    private PostgresServer Server => _server!;

    public async Task InitializeAsync()
    {
        if (!PostgresServer.IsInstalled)
            return;
        _server = await PostgresServer.StartAsync();
        await Server.CreateDatabaseAsync("fleet");
        _connection = Server.ConnectionString("fleet");
        await PostgresServers.MigrateAsync(_connection);
    }

    public async Task DisposeAsync()
    {
        foreach (var one in _opened)
            await one.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _bound.Dispose();
    }

    [PostgresFact]
    public async Task Server_killed_while_entries_are_appended_has_all_that_were_acknowledged()
    {
        var acknowledged = 0L;
        for (var round = 0; round < 3; round++)
        {
            var store = Open(_connection, PostgresServers.Patient);
            var leadership = await store.CampaignAsync(C1, Bound);
            var last = (await ReadAsync(store)).Count;
            last.ShouldBeGreaterThanOrEqualTo((int)acknowledged);
            var kill = Task.Delay(200 + (130 * round)).ContinueWith(_ => Server.KillAsync(), TaskScheduler.Default).Unwrap();
            await Should.ThrowAsync<StoreUnreachableException>(async () =>
            {
                for (var revision = last + 1; ; revision++)
                {
                    await store.AppendAsync(Samples.Entry(revision, leadership.Term), Bound);
                    acknowledged = revision;
                }
            });
            await kill;
            await Server.StartAgainAsync();
            await EventuallyAsync(() => leadership.Ended.IsCancellationRequested);
        }

        var entries = await ReadAsync(Open(_connection, PostgresServers.Patient));
        entries.Select(e => e.Revision).ShouldBe(Enumerable.Range(1, entries.Count).Select(r => (long)r));
        ((long)entries.Count).ShouldBeInRange(acknowledged, acknowledged + 1);
    }

    [PostgresFact]
    public async Task While_the_server_stands_still_nothing_may_be_acknowledged_and_refusals_are_quick_and_afterwards_it_goes_on_in_its_term()
    {
        var store = Open(_connection);
        var leadership = await store.CampaignAsync(C1, Bound);
        await store.AppendAsync(Samples.Entry(1, leadership.Term), Bound);
        Server.Freeze();
        var since = Stopwatch.StartNew();
        (await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(2, leadership.Term), Bound)))
            .IsSurelyNotWritten.ShouldBeFalse();
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await EventuallyAsync(() => !leadership.IsValid);
        (await Should.ThrowAsync<StoreUnreachableException>(() => Open(_connection).LeaderAsync(Bound)))
            .Message.ShouldContain("does not answer in time");
        await Should.ThrowAsync<StoreUnreachableException>(() => ReadAsync(store));
        Server.Thaw();
        await EventuallyAsync(() => leadership.IsValid);
        (await EventuallyReadAsync(store)).Select(e => e.Revision).ShouldBe([1, 2], "it was carried out when the server went on");
        await store.AppendAsync(Samples.Entry(3, leadership.Term), Bound);
    }

    [PostgresFact]
    public async Task Leadership_ends_by_itself_when_an_administrator_ends_the_session()
    {
        var store = Open(_connection);
        var leadership = await store.CampaignAsync(C1, Bound);
        await Server.RunAsync("select pg_terminate_backend(pid) from fleet_store.lock_holder", "fleet");
        await EventuallyAsync(() => leadership.Ended.IsCancellationRequested);
        (await Should.ThrowAsync<StoreUnreachableException>(() => store.AppendAsync(Samples.Entry(1, leadership.Term), Bound)))
            .IsSurelyNotWritten.ShouldBeTrue();
        (await Open(_connection).LeaderAsync(Bound)).ShouldBeNull();
        (await store.CampaignAsync(C1, Bound)).Term.ShouldBeGreaterThan(leadership.Term);
    }

    [PostgresFact]
    public async Task Tail_leaves_nothing_out_when_its_connection_is_lost_while_entries_come()
    {
        var leader = Open(_connection, PostgresServers.Patient);
        var term = (await leader.CampaignAsync(C1, Bound)).Term;
        await using var tail = Open(_connection, PostgresServers.Patient).TailAsync(1, Bound).GetAsyncEnumerator(Bound);
        for (var revision = 1L; revision <= 60; revision++)
        {
            await leader.AppendAsync(Samples.Entry(revision, term), Bound);
            if (revision % 10 == 0)
                await Server.RunAsync("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%'", "fleet");
            if (revision % 7 == 0)
                await GivesToAsync(tail, revision);
        }

        await GivesToAsync(tail, 60);
    }

    [PostgresFact]
    public async Task Deposed_leader_is_given_time_to_run_out_and_one_that_resigned_is_not()
    {
        var options = PostgresStoreOptions.Default with { Timing = new LeadershipTiming(TimeSpan.FromSeconds(3)) };
        var first = Open(_connection, options);
        var leadership = await first.CampaignAsync(C1, Bound);
        var second = Open(_connection, options);
        var since = Stopwatch.StartNew();
        var waiting = second.CampaignAsync(C2, Bound);
        await second.DeposeAsync(leadership.Term, Bound);
        await waiting;
        since.Elapsed.ShouldBeGreaterThanOrEqualTo(options.Timing.Validity);
        await second.DisposeAsync();
        since.Restart();
        await Open(_connection, options).CampaignAsync(C1, Bound);
        since.Elapsed.ShouldBeLessThan(options.Timing.Validity);
    }

    /// <summary>The leader before it may still be valid, and nobody knows of that but who waits.</summary>
    [PostgresFact]
    public async Task Candidate_that_is_called_off_while_it_lets_the_deposed_one_run_out_does_not_say_that_it_resigned()
    {
        var options = PostgresStoreOptions.Default with { Timing = new LeadershipTiming(TimeSpan.FromSeconds(30)) };
        var first = Open(_connection, options);
        var leadership = await first.CampaignAsync(C1, Bound);
        var second = Open(_connection, options);
        using var off = new CancellationTokenSource();
        var waiting = second.CampaignAsync(C2, off.Token);
        await second.DeposeAsync(leadership.Term, Bound);
        await EventuallyAsync(async () => Equals(await AskAsync("select term from fleet_store.leader"), leadership.Term + 1));
        await off.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        (await AskAsync("select resigned from fleet_store.leader")).ShouldBe(false);
        (await AskAsync("select count(*) from fleet_store.lock_holder")).ShouldBe(0L);
    }

    /// <summary>A primary that was replaced does not know it, and could go on answering questions.</summary>
    [PostgresFact]
    public async Task With_synchronous_replication_a_primary_that_is_alone_keeps_no_leader_valid()
    {
        var store = Open(_connection);
        var leadership = await store.CampaignAsync(C1, Bound);
        await Server.RunAsync("alter system set synchronous_standby_names = 'replica'");
        await Server.RunAsync("select pg_reload_conf()");
        await EventuallyAsync(() => !leadership.IsValid);
        await Task.Delay(1000, Bound);
        leadership.IsValid.ShouldBeFalse();
        await Server.RunAsync("alter system reset synchronous_standby_names");
        await Server.RunAsync("select pg_reload_conf()");
        await EventuallyAsync(() => leadership.IsValid || leadership.Ended.IsCancellationRequested);
    }

    [PostgresFact]
    public async Task What_a_server_acknowledges_too_early_by_default_is_on_disk_all_the_same()
    {
        await Server.RunAsync("alter system set synchronous_commit = off");
        await Server.RunAsync("select pg_reload_conf()");
        var store = Open(_connection, PostgresServers.Patient);
        var leadership = await store.CampaignAsync(C1, Bound);
        for (var revision = 1; revision <= 20; revision++)
            await store.AppendAsync(Samples.Entry(revision, leadership.Term), Bound);
        await Server.KillAsync();
        await Server.StartAgainAsync();
        (await ReadAsync(Open(_connection, PostgresServers.Patient))).Count.ShouldBe(20);
    }

    private PostgresFleetStore Open(string connection, PostgresStoreOptions? options = null)
    {
        var store = PostgresServers.Open(connection, options ?? PostgresStoreOptions.Default with { AppendWithin = TimeSpan.FromSeconds(1) });
        _opened.Add(store);
        return store;
    }

    private Task<object?> AskAsync(string sql) => PostgresServers.RunAsync(_connection, sql);

    private async Task<List<JournalEntry>> ReadAsync(IFleetStore store)
    {
        var entries = new List<JournalEntry>();
        await foreach (var entry in store.ReadAsync(1, Bound))
            entries.Add(entry);
        return entries;
    }

    /// <summary>As soon as the store can say.</summary>
    private async Task<List<JournalEntry>> EventuallyReadAsync(IFleetStore store)
    {
        while (true)
        {
            try
            {
                return await ReadAsync(store);
            }
            catch (StoreUnreachableException)
            {
                await Task.Delay(50, Bound);
            }
        }
    }

    private async Task GivesToAsync(IAsyncEnumerator<JournalEntry> tail, long last)
    {
        for (var next = (tail.Current?.Revision ?? 0) + 1; next <= last; next++)
        {
            (await tail.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Bound)).ShouldBeTrue();
            tail.Current!.Revision.ShouldBe(next);
        }
    }

    private Task EventuallyAsync(Func<bool> isSo) => EventuallyAsync(() => Task.FromResult(isSo()));

    private async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
            await Task.Delay(20, Bound);
    }
}
