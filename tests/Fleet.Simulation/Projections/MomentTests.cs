using System.Collections.Immutable;
using System.Diagnostics;
using Fleet.Coordinator.Control;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.Projections;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Postgres;
using Fleet.Demo.Servers;
using Fleet.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit.Abstractions;

namespace Fleet.Simulation.Projections;

/// <summary>What a stormy hour's journal says of any moment is what the read model in a real PostgreSQL says of it.</summary>
public sealed class MomentTests(ITestOutputHelper output)
{
    private const int Seed = 12;
    private const int Random = 1000;
    private const int AtAnEntry = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    /// <summary>The second time the journal's clocks are coarse: entries of the same two seconds have the same time.</summary>
    [PostgresFact]
    public async Task Any_moment_of_a_stormy_hour_is_in_the_read_model_as_the_map_was_then()
    {
        var watch = Stopwatch.StartNew();
        var (entries, tally) = StormyHour.Play(Seed);
        output.WriteLine($"{entries.Length} entries in {watch.Elapsed.TotalSeconds:0} s");
        output.WriteLine(string.Join(", ", tally.Counts.Select(c => $"{c.Key} {c.Value}")));
        var backwards = entries.Zip(entries.Skip(1)).Where(pair => pair.Second.At < pair.First.At).ToArray();
        output.WriteLine($"Time goes back {backwards.Length} times, {backwards.Count(p => p.First.Term == p.Second.Term)} of them within a term");
        (entries[^1].At - entries[0].At).ShouldBeGreaterThan(StormyHour.Length * 0.95);
        entries[^1].Term.ShouldBeGreaterThan(60);
        backwards.Length.ShouldBeGreaterThan(20);
        foreach (var (what, least) in new[] { ("node-lost", 60), ("handovers-begun", 30), ("service-applied", 20), ("vips-moved", 60) })
            tally.Counts.GetValueOrDefault(what).ShouldBeGreaterThan(least, what);
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions(Fsync: false));
        await CompareAsync(server, "fine", entries);
        await CompareAsync(server, "coarse", [.. entries.Select(entry => entry with { At = Coarse(entry.At) })]);
    }

    private static DateTimeOffset Coarse(DateTimeOffset at) => at.AddTicks(-(at.Ticks % (2 * TimeSpan.TicksPerSecond)));

    private async Task CompareAsync(PostgresServer server, string database, ImmutableArray<JournalEntry> entries)
    {
        await server.CreateDatabaseAsync(database);
        await using var source = NpgsqlDataSource.Create(server.ConnectionString(database));
        await ProjectAsync(source, server.ConnectionString(database), entries);
        var moments = new Moments(entries);
        var dice = new Random(Seed);
        var (first, last) = (moments.Times.Min(), moments.Times.Max());
        var asked = Enumerable.Range(0, Random).Select(_ => first + ((last - first) * dice.NextDouble()))
            .Concat(moments.Times.OrderBy(_ => dice.Next()).Take(AtAnEntry).SelectMany(at => new[] { at - Microsecond, at }))
            .Concat([first - Microsecond, first, last, last.AddHours(1), DateTimeOffset.MinValue.AddYears(1900)])
            .Select(at => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond)))
            .ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var moment in asked)
            await CompareAsync(source, moments, moment);
        output.WriteLine($"{database}: {asked.Length} moments of {asked.Select(moments.RevisionAt).Distinct().Count()} revisions in "
            + $"{watch.Elapsed.TotalSeconds:0} s");
    }

    private static async Task CompareAsync(NpgsqlDataSource source, Moments moments, DateTimeOffset moment)
    {
        var revision = moments.RevisionAt(moment);
        var at = $"at {moment:O}, revision {revision}";
        (await LinesAsync(source, "select coalesce(fleet.revision_at($1), 0)::text", moment)).ShouldBe([$"{revision}"], at);
        (await LinesAsync(source, Moments.VipSql, moment)).ShouldBe(moments.VipsAt(moment), at);
        (await LinesAsync(source, Moments.NodeSql, moment)).ShouldBe(moments.NodesAt(moment), at);
    }

    /// <summary>By the projector that runs beside leaders, from a store that has the journal.</summary>
    private static async Task ProjectAsync(NpgsqlDataSource source, string connectionString, ImmutableArray<JournalEntry> entries)
    {
        await using (var connection = await source.OpenConnectionAsync())
            await Migrator.ApplyAsync(connection, SchemaFiles.ReadModel, default);
        PostgresTarget.TryRead(connectionString, null, out var target, out var mistake).ShouldBeTrue(mistake);
        await using var store = new InMemoryFleetStore(new InMemoryFleetStore.Memory(), TimeProvider.System);
        var status = new ProjectionStatus { IsOn = true };
        var projector = new Projector(store, source, target!, status, () => true, TimeProvider.System, NullLogger<Projector>.Instance);
        using var end = new CancellationTokenSource(Patience);
        var term = 0L;
        foreach (var entry in entries)
        {
            while (term < entry.Term)
                term = (await store.CampaignAsync(new CoordinatorAddress("any", null, null), end.Token)).Term;
            await store.AppendAsync(entry, end.Token);
        }

        var projecting = projector.RunAsync(end.Token);
        while (status.Revision < entries.Length && !end.IsCancellationRequested)
            await Task.WhenAny(projecting, Task.Delay(20));
        (status.Revision, status.Error).ShouldBe((entries.Length, null));
        await end.CancelAsync();
        await projecting;
    }

    private static async Task<string[]> LinesAsync(NpgsqlDataSource source, string sql, DateTimeOffset moment)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(moment.UtcDateTime);
        var lines = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        return [.. lines];
    }
}
