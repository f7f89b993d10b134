using Fleet.Coordinator.Core;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Projections.Rows;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Tests.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>What is written for a history, batch by batch.</summary>
[Collection(nameof(ReadModelServer))]
public sealed class ProjectionTests(ReadModelServer server)
{
    private const int Length = 400;

    [PostgresFact]
    public async Task Views_equal_the_map_after_each_batch_and_the_history_at_any_moment()
    {
        await using var source = await server.ReadModelAsync();
        var history = new RandomHistory(7).Take(Length).ToArray();
        var dice = new Random(7);
        var (state, position) = (FleetState.Empty, ReadPosition.Empty);
        await using var connection = await source.OpenConnectionAsync();
        for (var done = 0; done < history.Length;)
        {
            var batch = history[done..Math.Min(history.Length, done + dice.Next(1, 40))];
            done += batch.Length;
            (state, position) = await WriteAsync(connection, position, state, [.. batch.Select(h => h.Entry)]);
            await source.ShouldEqualAsync(state);
        }

        await source.ShouldHaveAsync([.. history.Select(h => h.Entry)]);
        await MomentsEqualAsync(source, history, dice);
        await MovesEqualAsync(source, history);
        (await Checkpoints.LoadAsync(connection, position.Revision, default)).Map.Version.ShouldBe(state.Map.Version);
    }

    /// <summary>Entries are ordered by revision: of a moment, the newest entry whose time is not later counts, as times that never go back.</summary>
    private static async Task MomentsEqualAsync(NpgsqlDataSource source, (JournalEntry Entry, FleetState After)[] history, Random dice)
    {
        var times = new List<DateTimeOffset>();
        foreach (var (entry, _) in history)
            times.Add(times.Count > 0 && times[^1] > entry.At ? times[^1] : entry.At);
        history.Zip(history.Skip(1)).Count(pair => pair.Second.Entry.At < pair.First.Entry.At).ShouldBeGreaterThan(0);
        var (first, last) = (times[0], times[^1]);
        for (var i = 0; i < 1000; i++)
        {
            var moment = first.AddMilliseconds(dice.NextDouble() * (last - first).TotalMilliseconds);
            var index = times.FindLastIndex(time => time <= moment);
            var seen = await source.LinesAsync($"select {ReadModel.VipColumns} from fleet.vip_at($1) order by address", moment.UtcDateTime);
            seen.ShouldBe(ReadModel.Vips(history[index].After), $"at {moment:O}, revision {history[index].Entry.Revision}");
            if (i % 10 == 0)
                (await source.LinesAsync("select name || ' ' || presence from fleet.node_at($1) order by name collate \"C\"", moment.UtcDateTime))
                    .ShouldBe(history[index].After.Map.Nodes.Values.Select(n => $"{n.Name} {n.Presence.ToString().ToLowerInvariant()}"));
        }

        (await source.LinesAsync("select * from fleet.vip_at($1)", first.AddSeconds(-1).UtcDateTime)).ShouldBeEmpty();
    }

    /// <summary>A VIP that has an owner came there by its newest move that was carried out.</summary>
    private static async Task MovesEqualAsync(NpgsqlDataSource source, (JournalEntry Entry, FleetState After)[] history)
    {
        var map = history[^1].After.Map;
        (await source.LinesAsync(
            """
            select distinct on (vip) host(vip) || ' ' || to_node from fleet.plan_move m
            where outcome = 'moved' and exists (select from fleet.vip v where v.address = m.vip and v.owner is not null)
            order by vip, ended_revision desc, began_revision desc
            """)).ShouldBe(map.Vips.Values.Where(v => v.Owner is not null).Select(v => $"{v.Address} {v.Owner}"));
        (await source.LinesAsync("select host(vip) || ' ' || to_node from fleet.plan_move where ended_at is null order by vip"))
            .ShouldBe(map.Vips.Values.Where(v => v.Successor is not null).Select(v => $"{v.Address} {v.Successor}"));
        (await source.LinesAsync("select count(*) from fleet.plan_move where (outcome = 'moving') <> (ended_at is null)")).ShouldBe(["0"]);
    }

    [PostgresFact]
    public async Task Batch_that_another_has_written_already_is_not_written_again()
    {
        await using var source = await server.ReadModelAsync();
        await using var connection = await source.OpenConnectionAsync();
        var entries = new RandomHistory(3).Take(20).Select(h => h.Entry).ToArray();
        var (state, position) = await WriteAsync(connection, ReadPosition.Empty, FleetState.Empty, entries[..10]);
        await Should.ThrowAsync<PositionMovedException>(() => WriteAsync(connection, ReadPosition.Empty, FleetState.Empty, entries[..10]));
        var (after, _) = await WriteAsync(connection, position, state, entries[10..]);
        await Should.ThrowAsync<PositionMovedException>(() => WriteAsync(connection, position, state, entries[10..]));
        await source.ShouldHaveAsync(entries);
        await source.ShouldEqualAsync(after);
    }

    [PostgresFact]
    public async Task Listener_is_told_the_revision_of_what_was_written_and_of_nothing_else()
    {
        await using var source = await server.ReadModelAsync();
        await using var listener = await source.OpenConnectionAsync();
        var heard = new List<string>();
        listener.Notification += (_, said) => heard.Add(said.Payload);
        await using (var listen = new NpgsqlCommand("listen fleet_events", listener))
            await listen.ExecuteNonQueryAsync();
        await using var connection = await source.OpenConnectionAsync();
        var entries = new RandomHistory(3).Take(60).Select(h => h.Entry).ToArray();
        var (state, position) = await WriteAsync(connection, ReadPosition.Empty, FleetState.Empty, entries[..10]);
        await Should.ThrowAsync<PositionMovedException>(() => WriteAsync(connection, ReadPosition.Empty, FleetState.Empty, entries[..10]));
        (state, position) = await WriteAsync(connection, position, state, entries[10..]);
        await JumpAsync(connection, position, state);
        while (heard.Count < 3)
            (await listener.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeTrue($"only {string.Join(", ", heard)} was heard of");
        heard.ShouldBe(["10", "60", "61"]);
    }

    /// <summary>Whoever breaks off in the midst of a batch has written nothing of it, the position included.</summary>
    [PostgresFact]
    public async Task Batch_of_which_a_part_cannot_be_written_leaves_nothing_behind_and_is_written_whole_afterwards()
    {
        await using var source = await server.ReadModelAsync();
        await using var connection = await source.OpenConnectionAsync();
        var entries = new RandomHistory(3).Take(20).Select(h => h.Entry).ToArray();
        var (state, position) = await WriteAsync(connection, ReadPosition.Empty, FleetState.Empty, entries[..10]);
        await RunAsync(
            connection,
            """
            create function fleet_model.fail() returns trigger language plpgsql as $$ begin raise exception 'no space left'; end $$;
            create trigger fail before insert on fleet_model.event execute function fleet_model.fail()
            """);
        (await Should.ThrowAsync<PostgresException>(() => WriteAsync(connection, position, state, entries[10..])))
            .MessageText.ShouldBe("no space left");
        (await ReadPosition.LoadAsync(connection, default)).ShouldBe(position);
        await source.ShouldEqualAsync(state);
        await RunAsync(connection, "drop function fleet_model.fail() cascade");
        var (after, _) = await WriteAsync(connection, position, state, entries[10..]);
        await source.ShouldHaveAsync(entries);
        await source.ShouldEqualAsync(after);
    }

    /// <summary>What was removed in the gap has no entry here that says so.</summary>
    [PostgresFact]
    public async Task After_a_gap_nothing_is_left_open_of_what_was_removed_meanwhile()
    {
        await using var source = await server.ReadModelAsync();
        await using var connection = await source.OpenConnectionAsync();
        var entries = new RandomHistory(3).Take(60).Select(h => h.Entry).ToArray();
        var (state, position) = await WriteAsync(connection, ReadPosition.Empty, FleetState.Empty, entries);
        var after = await JumpAsync(connection, position, state);
        after.Map.Vips.Count.ShouldBeLessThan(state.Map.Vips.Count);
        await source.ShouldEqualAsync(after);
    }

    /// <summary>To the next revision, which has removed a service, and of which nothing is known but what came of it.</summary>
    private static async Task<FleetState> JumpAsync(NpgsqlConnection connection, ReadPosition from, FleetState state)
    {
        var version = state.Map.Version;
        var removed = new JournalEntry(
            version.Revision + 1, version.Term, from.At, Build.By, [new FleetEvent.ServiceRemoved(state.Map.Services.Keys.First())]);
        var after = Evolver.Evolve(state, removed);
        await BatchWriter.JumpAsync(
            connection, from, new ProjectedBatch([Projection.Whole(after, removed with { Events = [] })]), after, default);
        return after;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(FleetState, ReadPosition)> WriteAsync(
        NpgsqlConnection connection, ReadPosition from, FleetState state, JournalEntry[] entries)
    {
        var rows = new List<ProjectedEntry>();
        foreach (var entry in entries)
        {
            (state, var row) = Projection.Project(state, entry);
            rows.Add(row);
        }

        return (state, await BatchWriter.WriteAsync(connection, from, new ProjectedBatch(rows), state, from.Revision % 3 == 0, default));
    }
}
