using Fleet.Coordinator.Control;
using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>A read model that is damaged is made anew beside itself, and is then as one that was made afresh.</summary>
[Collection(nameof(ReadModelServer))]
public sealed class RebuildTests(ReadModelServer server)
{
    private const int Length = 1500;

    /// <summary>Rows wrong, missing and too many, in each table that follows the journal.</summary>
    private static readonly string[] Damage =
    [
        "update fleet_model.vip set owner = 'nobody', phase = 'serving' where from_revision % 7 = 0",
        "delete from fleet_model.vip where from_revision % 11 = 0",
        "insert into fleet_model.vip select '192.0.2.1', 1, null, now(), null, 'x', null, 'x', null, '{}', 'serving', 'placed', 1, 0, 0",
        "update fleet_model.node set presence = 'down', state = 'down' where to_revision is null",
        "delete from fleet_model.service",
        "update fleet_model.backend set weight = 0",
        "update fleet_model.gslb_record set data = '192.0.2.' || (weight % 250) where weight is not null",
        "delete from fleet_model.gslb_record where ctid in (select ctid from fleet_model.gslb_record limit 1)",
        "update fleet_model.node_weight set weight = 1",
        "update fleet_model.plan_move set outcome = 'moved', ended_revision = began_revision, ended_at = began_at",
        "delete from fleet_model.plan_move where began_revision % 3 = 0",
        "update fleet_model.event set sentence = '' where revision % 5 = 0",
        "update fleet_model.entry set effective_at = effective_at + interval '1 hour' where revision % 13 = 0",
        "update fleet_model.position set effective_at = '1999-01-01'",
    ];

    [PostgresFact]
    public async Task Damaged_read_model_is_as_one_made_afresh_and_no_reader_sees_anything_between()
    {
        var (store, entries) = await StoreAsync(new RandomHistory(21), Length);
        await using var source = await server.ReadModelAsync();
        await using var fresh = await server.ReadModelAsync();
        await ProjectAsync(source, entries);
        await ProjectAsync(fresh, entries);
        foreach (var sql in Damage)
            await source.LinesAsync(sql);
        var damaged = await SumsAsync(source);
        var right = await SumsAsync(fresh);
        damaged.ShouldNotBe(right);
        await using var earlier = await source.OpenConnectionAsync();
        await using var snapshot = await earlier.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        (await SumsAsync(earlier)).ShouldBe(damaged);
        await using var listener = await source.OpenConnectionAsync();
        var heard = 0;
        listener.Notification += (_, _) => heard++;
        await BatchRows.RunAsync(listener, $"listen {BatchWriter.Channel}", default);

        using var end = new CancellationTokenSource();
        var reading = ReadAsync(source, end.Token);
        var changed = await RebuildAsync(source, store);
        await end.CancelAsync();
        var seen = await reading;

        seen.Distinct().ShouldBeSubsetOf([damaged, right]);
        seen.Count.ShouldBeGreaterThan(1);
        changed.ShouldBeGreaterThan(0);
        (await SumsAsync(source)).ShouldBe(right);
        (await SumsAsync(earlier)).ShouldBe(damaged, "who began to read before sees what was there before");
        (await listener.WaitAsync(TimeSpan.FromMilliseconds(100))).ShouldBeFalse();
        heard.ShouldBe(0, "nothing happened in the fleet");
        (await RebuildAsync(source, store)).ShouldBe(0, "it was right already");
        (await source.LinesAsync("select count(*) from pg_class where relpersistence = 't'")).ShouldBe(["0"]);
    }

    /// <summary>The store has forgotten most of it; the read model's own copy has not.</summary>
    [PostgresFact]
    public async Task What_the_store_has_dropped_is_taken_from_the_copy()
    {
        var (store, entries) = await StoreAsync(new RandomHistory(22), Length + 300, snapshotAt: Length + 300);
        (await WholeJournal.OpenAsync(store, null!, default)).IsWholeInStore.ShouldBeFalse();
        await using var source = await server.ReadModelAsync();
        await ProjectAsync(source, entries);
        var right = await SumsAsync(source);
        foreach (var sql in Damage.Where(sql => !sql.Contains("fleet_model.entry", StringComparison.Ordinal)))
            await source.LinesAsync(sql);
        await RebuildAsync(source, store);
        (await SumsAsync(source)).ShouldBe(right);
    }

    [PostgresFact]
    public async Task Where_a_revision_is_gone_everywhere_nothing_is_changed()
    {
        var (store, entries) = await StoreAsync(new RandomHistory(23), Length, snapshotAt: Length);
        await using var source = await server.ReadModelAsync();
        await ProjectAsync(source, entries);
        await source.LinesAsync("delete from fleet_model.entry where revision = 7");
        await source.LinesAsync("update fleet_model.vip set owner = 'nobody'");
        var damaged = await SumsAsync(source);
        (await Should.ThrowAsync<HistoryMissingException>(() => RebuildAsync(source, store))).Message.ShouldContain("Revision 7 is neither");
        (await SumsAsync(source)).ShouldBe(damaged);
    }

    /// <summary>What is known of the time before what was dropped, and nothing else has, stays.</summary>
    [PostgresFact]
    public async Task History_that_was_dropped_and_gaps_stay_as_they_were()
    {
        var (store, entries) = await StoreAsync(new RandomHistory(24), 600);
        await using var source = await server.ReadModelAsync();
        var (state, position) = await ProjectAsync(source, entries[..300]);
        await KeepAsync(source, state);
        (state, position) = await ProjectAsync(source, entries[300..400], state, position);
        // Away for the next hundred, which the store drops.
        foreach (var entry in entries[400..500])
            state = Evolver.Evolve(state, entry);
        await using (var connection = await source.OpenConnectionAsync())
            position = await BatchWriter.JumpAsync(
                connection, position, new ProjectedBatch([Projection.Whole(state, entries[499] with { Events = [] })]), state, default);
        await ProjectAsync(source, entries[500..], state, position);
        (await source.LinesAsync("select fleet_model.drop_history('infinity')")).ShouldBe(["500"]);
        var dropped = await SumsAsync(source);
        await RebuildAsync(source, await TruncatedAsync(entries));
        (await SumsAsync(source)).ShouldBe(dropped);
    }

    [PostgresFact]
    public async Task Gap_is_made_again_where_it_was()
    {
        var (_, entries) = await StoreAsync(new RandomHistory(25), 500);
        await using var source = await server.ReadModelAsync();
        var (state, position) = await ProjectAsync(source, entries[..200]);
        foreach (var entry in entries[200..300])
            state = Evolver.Evolve(state, entry);
        await using (var connection = await source.OpenConnectionAsync())
            position = await BatchWriter.JumpAsync(
                connection, position, new ProjectedBatch([Projection.Whole(state, entries[299] with { Events = [] })]), state, default);
        await ProjectAsync(source, entries[300..], state, position);
        var right = await SumsAsync(source);
        await source.LinesAsync("update fleet_model.vip set owner = 'nobody'");
        (await RebuildAsync(source, await TruncatedAsync(entries))).ShouldBeGreaterThan(0);
        (await SumsAsync(source)).ShouldBe(right);
        var (before, after) = (entries[199].At, entries[299].At);
        (await source.LinesAsync("select fleet.revision_at($1)", before.AddTicks((after - before).Ticks / 2).UtcDateTime))
            .ShouldBe(["-"], "what was so in a gap is not known");
    }

    [PostgresFact]
    public async Task Projector_that_goes_on_meanwhile_and_the_rebuild_lose_nothing_of_each_other()
    {
        await using var store = new InMemoryFleetStore(new InMemoryFleetStore.Memory(), TimeProvider.System);
        await using var source = await server.ReadModelAsync();
        await using var fresh = await server.ReadModelAsync();
        PostgresTarget.TryRead(server.Server.ConnectionString("any"), null, out var target, out var mistake).ShouldBeTrue(mistake);
        var status = new ProjectionStatus { IsOn = true };
        var projector = new Projector(store, source, target!, status, () => true, TimeProvider.System, NullLogger<Projector>.Instance);
        using var end = new CancellationTokenSource();
        var projecting = projector.RunAsync(end.Token);
        var (entries, rebuilding) = (new List<JournalEntry>(), Task.CompletedTask);
        foreach (var (entry, _) in new RandomHistory(26).Take(900))
        {
            await AppendAsync(store, entry);
            entries.Add(entry);
            if (entry.Revision % 10 == 0)
                await Task.Delay(5);
            if (rebuilding.IsCompleted && status.Revision > 0)
                rebuilding = RebuildAndLookAgainAsync();
        }

        await rebuilding;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (status.Revision < entries.Count)
            await Task.Delay(20, patience.Token);
        await end.CancelAsync();
        await projecting;
        await ProjectAsync(fresh, [.. entries]);
        (await SumsAsync(source)).ShouldBe(await SumsAsync(fresh));

        async Task RebuildAndLookAgainAsync()
        {
            (await RebuildAsync(source, store)).ShouldBe(0, "nothing was wrong");
            projector.LookAgain();
        }
    }

    private static async Task<long> RebuildAsync(NpgsqlDataSource source, IFleetStore store)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await new Rebuild(store, connection, (_, _) => { }).RunAsync(default);
    }

    private static async Task<(InMemoryFleetStore Store, JournalEntry[] Entries)> StoreAsync(RandomHistory history, int count, int? snapshotAt = null)
    {
        var store = new InMemoryFleetStore(new InMemoryFleetStore.Memory(), TimeProvider.System);
        var entries = new List<JournalEntry>();
        foreach (var (entry, after) in history.Take(count))
        {
            await AppendAsync(store, entry);
            entries.Add(entry);
            if (entry.Revision == snapshotAt)
                await store.SaveSnapshotAsync(after, default);
        }

        return (store, [.. entries]);
    }

    /// <summary>A store that has the last entry alone.</summary>
    private static Task<IFleetStore> TruncatedAsync(JournalEntry[] entries) => Task.FromResult<IFleetStore>(new LastEntries(entries[^1..]));

    private static async Task AppendAsync(InMemoryFleetStore store, JournalEntry entry)
    {
        while ((await store.LeaderAsync(default))?.Term is not { } term || term < entry.Term)
            await store.CampaignAsync(new CoordinatorAddress("any", null, null), default);
        await store.AppendAsync(entry, default);
    }

    private static async Task KeepAsync(NpgsqlDataSource source, FleetState state)
    {
        await using var connection = await source.OpenConnectionAsync();
        await Checkpoints.SaveAsync(connection, state, default, kept: true);
    }

    private static Task<(FleetState, ReadPosition)> ProjectAsync(NpgsqlDataSource source, JournalEntry[] entries) =>
        ProjectAsync(source, entries, FleetState.Empty, ReadPosition.Empty);

    private static async Task<(FleetState, ReadPosition)> ProjectAsync(
        NpgsqlDataSource source, JournalEntry[] entries, FleetState state, ReadPosition position)
    {
        await using var connection = await source.OpenConnectionAsync();
        foreach (var some in entries.Chunk(70))
        {
            var rows = new List<ProjectedEntry>();
            foreach (var entry in some)
            {
                (state, var row) = Projection.Project(state, entry);
                rows.Add(row);
            }

            position = await BatchWriter.WriteAsync(connection, position, new ProjectedBatch(rows), state, position.Revision == 0, default);
        }

        return (state, position);
    }

    /// <summary>One statement over all that automation reads, so that it shows one moment; when it was written here is left out.</summary>
    private static readonly string AllOfIt = string.Join(" union all ", ((string[])
        ["vip", "vip_history", "node", "node_history", "service", "backend", "gslb_record", "event", "gap", "plan_move"])
        .Select(view => $"select '{view} ' || count(*) || ' ' || coalesce(md5(string_agg(md5((to_jsonb(v) - 'noticed_at')::text), '' order by "
            + $"md5((to_jsonb(v) - 'noticed_at')::text))), '') as line from fleet.{view} v"))
        + " union all select 'position ' || revision || ' ' || term || ' ' || at from fleet.position";

    private static async Task<string> SumsAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await SumsAsync(connection);
    }

    private static async Task<string> SumsAsync(NpgsqlConnection connection)
    {
        await using var ask = new NpgsqlCommand(AllOfIt, connection);
        var lines = new List<string>();
        await using var rows = await ask.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>What a reader sees who looks again and again.</summary>
    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var seen = new List<string>();
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        do
            seen.Add(await SumsAsync(connection));
        while (!cancellation.IsCancellationRequested);
        return seen;
    }
}
