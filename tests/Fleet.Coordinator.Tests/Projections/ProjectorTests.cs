using Fleet.Coordinator.Control;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Demo.Servers;
using Fleet.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>The projector follows a store while the database, the connection or another projector gets in its way.</summary>
[Collection(nameof(ReadModelServer))]
public sealed class ProjectorTests(ReadModelServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly InMemoryFleetStore _store = new(new InMemoryFleetStore.Memory(), TimeProvider.System);
    private readonly CancellationTokenSource _end = new();
    private readonly List<JournalEntry> _written = [];
    private readonly List<Task> _projectors = [];
    private FleetState _state = FleetState.Empty;
    private bool _isLeading = true;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_projectors);
        _end.Dispose();
        await _store.DisposeAsync();
    }

    [PostgresFact]
    public async Task Connections_cut_in_the_middle_of_batches_lose_nothing_and_repeat_nothing()
    {
        await using var source = await server.ReadModelAsync();
        var status = Start(source);
        var cut = CutAsync(source);
        foreach (var (entry, _) in Take(new RandomHistory(11), 600))
        {
            await _store.AppendAsync(entry, default);
            if (entry.Revision % 7 == 0)
                await Task.Delay(5);
        }

        await CaughtUpAsync(status);
        await cut;
        await source.ShouldHaveAsync(_written);
        await source.ShouldEqualAsync(_state);
        status.Failures.ShouldBeGreaterThan(0);
    }

    [PostgresFact]
    public async Task Two_projectors_at_once_write_each_event_once()
    {
        await using var source = await server.ReadModelAsync();
        ProjectionStatus[] both = [Start(source), Start(source)];
        foreach (var (entry, _) in Take(new RandomHistory(12), 400))
        {
            await _store.AppendAsync(entry, default);
            if (entry.Revision % 5 == 0)
                await Task.Delay(5);
        }

        await CaughtUpAsync(both);
        await source.ShouldHaveAsync(_written);
        await source.ShouldEqualAsync(_state);
        both.Sum(s => s.Entries).ShouldBe(_written.Count);
    }

    [PostgresFact]
    public async Task Database_that_was_away_has_every_event_once_when_it_is_back()
    {
        await using var own = await PostgresServer.StartAsync();
        await own.CreateDatabaseAsync("fleet");
        await using var source = NpgsqlDataSource.Create(own.ConnectionString("fleet") + ";Timeout=5");
        await using (var connection = await source.OpenConnectionAsync())
            await Migrator.ApplyAsync(connection, SchemaFiles.ReadModel, default);
        var status = Start(source, own.ConnectionString("fleet"));
        var history = new RandomHistory(13);
        await AppendAsync(history, 100);
        await CaughtUpAsync(status);
        await own.KillAsync();
        await AppendAsync(history, 200);
        await UntilAsync(() => status.Error is not null);
        status.Error.ShouldNotBeNull().ShouldNotContain(own.Password);
        await own.StartAgainAsync();
        await AppendAsync(history, 50);
        await CaughtUpAsync(status);
        await source.ShouldHaveAsync(_written);
        await source.ShouldEqualAsync(_state);
        status.Error.ShouldBeNull();
    }

    [PostgresFact]
    public async Task Who_was_away_for_too_long_goes_on_from_a_snapshot_and_the_gap_is_recorded()
    {
        await using var source = await server.ReadModelAsync();
        var status = Start(source);
        var history = new RandomHistory(14);
        await AppendAsync(history, 50);
        await CaughtUpAsync(status);
        _isLeading = false;
        await UntilAsync(() => _projectors[0].IsCompleted || status.Revision == 50);
        await Task.Delay(600);
        await AppendAsync(history, 1500);
        await _store.SaveSnapshotAsync(_state, default);
        await AppendAsync(history, 20);
        _isLeading = true;
        await CaughtUpAsync(status);
        await source.ShouldEqualAsync(_state);
        (await source.LinesAsync("select from_revision, to_revision from fleet.gap")).ShouldBe(["51 | 1550"]);
        (await source.LinesAsync("select revision, sentence from fleet.event where what = 'history-gap'")).Single()
            .ShouldStartWith("1550 | Revisions 51 to 1550 are not known here");
        (await source.LinesAsync("select distinct revision || '' from fleet.event where what <> 'history-gap'")).Order(StringComparer.Ordinal)
            .ShouldBe(
                _written.Where(e => e.Revision is <= 50 or > 1550 && !e.Events.IsEmpty).Select(e => $"{e.Revision}").Order(StringComparer.Ordinal));
    }

    [PostgresFact]
    public async Task Restarted_projector_goes_on_where_the_database_is()
    {
        await using var source = await server.ReadModelAsync();
        var history = new RandomHistory(15);
        for (var run = 0; run < 5; run++)
        {
            using var once = new CancellationTokenSource();
            var status = Start(source, cancellation: once.Token);
            await AppendAsync(history, 333);
            await CaughtUpAsync(status);
            status.Entries.ShouldBe(333);
            await once.CancelAsync();
            await _projectors[^1];
        }

        await source.ShouldHaveAsync(_written);
        await source.ShouldEqualAsync(_state);
    }

    [PostgresFact]
    public async Task Database_of_another_fleet_is_left_alone_and_one_without_the_schema_says_what_to_type()
    {
        await using var source = await server.ReadModelAsync();
        var status = Start(source);
        await AppendAsync(new RandomHistory(16), 30);
        await CaughtUpAsync(status);
        var before = await source.LinesAsync("select * from fleet.position");
        var other = new InMemoryFleetStore(new InMemoryFleetStore.Memory(), TimeProvider.System);
        foreach (var term in Enumerable.Range(0, 9))
            await other.CampaignAsync(new CoordinatorAddress("other", null, null), default);
        foreach (var revision in Enumerable.Range(1, 40))
            await other.AppendAsync(Samples.Entry(revision, 9), default);
        var stranger = Start(source, store: other);
        await UntilAsync(() => stranger.Error is not null);
        stranger.Error.ShouldNotBeNull().ShouldContain("another fleet's history");
        (await source.LinesAsync("select * from fleet.position")).ShouldBe(before);

        await using var empty = NpgsqlDataSource.Create(server.Server.ConnectionString(await server.DatabaseAsync()));
        var without = Start(empty);
        await UntilAsync(() => without.Error is not null);
        without.Error.ShouldNotBeNull().ShouldContain("pbm store migrate");
        (await empty.LinesAsync("select count(*) from pg_namespace where nspname like 'fleet%'")).ShouldBe(["0"]);
    }

    private ProjectionStatus Start(
        NpgsqlDataSource source, string? connection = null, IFleetStore? store = null, CancellationToken cancellation = default)
    {
        var status = new ProjectionStatus { IsOn = true };
        PostgresTarget.TryRead(connection ?? server.Server.ConnectionString("any"), null, out var target, out var mistake).ShouldBeTrue(mistake);
        var projector = new Projector(
            store ?? _store, source, target!, status, () => _isLeading, TimeProvider.System, NullLogger<Projector>.Instance);
        var until = cancellation.CanBeCanceled ? cancellation : _end.Token;
        _projectors.Add(Task.Run(() => projector.RunAsync(until), CancellationToken.None));
        return status;
    }

    private IEnumerable<(JournalEntry Entry, FleetState After)> Take(RandomHistory history, int count)
    {
        foreach (var step in history.Take(count))
        {
            _written.Add(step.Entry);
            _state = step.After;
            while (_term < step.Entry.Term)
            {
                _store.CampaignAsync(new CoordinatorAddress("one", null, null), default).Wait();
                _term++;
            }

            yield return step;
        }
    }

    private long _term;

    private async Task AppendAsync(RandomHistory history, int count)
    {
        foreach (var (entry, _) in Take(history, count))
            await _store.AppendAsync(entry, default);
    }

    /// <summary>Cuts the projector's connection again and again.</summary>
    private async Task CutAsync(NpgsqlDataSource source)
    {
        await using var other = NpgsqlDataSource.Create(server.Server.ConnectionString("postgres", PostgresServer.Admin));
        await using var look = await source.OpenConnectionAsync();
        var database = look.Database;
        for (var i = 0; i < 12; i++)
        {
            await Task.Delay(120);
            await other.LinesAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and state <> 'idle' or (datname = $1 and $2 % 3 = 0)",
                database, i);
        }
    }

    private async Task CaughtUpAsync(params ProjectionStatus[] all)
    {
        try
        {
            await UntilAsync(() => all.All(s => s.Revision == _written[^1].Revision) || _projectors.Exists(p => p.IsFaulted));
        }
        catch (OperationCanceledException)
        {
            all.Select(s => $"{s.Revision} {s.Error}").ShouldBe(all.Select(_ => $"{_written[^1].Revision} "));
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
            await Task.Delay(20, patience.Token);
    }
}
