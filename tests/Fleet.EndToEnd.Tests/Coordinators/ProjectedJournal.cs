using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Demo.Fleets;
using Fleet.Demo.Servers;
using Npgsql;

namespace Fleet.EndToEnd.Tests.Coordinators;

/// <summary>The journal as automation finds it in PostgreSQL, held against the one in the store.</summary>
internal static class ProjectedJournal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string Entries = "select revision, term, at, by_name from fleet_model.entry where revision <= $1 order by revision";
    private const string Events =
        "select revision, ordinal, what, detail::text from fleet_model.event where revision <= $1 order by revision, ordinal";

    /// <summary>Waits until the database has what the store has now, and compares entry by entry and event by event.</summary>
    /// <returns>How many events were compared.</returns>
    public static async Task<int> HoldsEveryEventOnceAsync(PostgresServer postgres, EtcdCluster etcd)
    {
        var stored = await StoredEntry.AllAsync(etcd);
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString(FleetServers.Database) + ";Pooling=false");
        var newest = stored[^1].Revision;
        await ReachesAsync(source, newest);
        var entries = await RowsAsync(source, Entries, newest);
        // From the first on, though the store has dropped the oldest: those that it still has are compared.
        entries.Select(row => (long)row[0]).ShouldBe(Enumerable.Range(1, (int)newest).Select(revision => (long)revision));
        var first = (int)stored[0].Revision;
        stored.Select(entry => entry.Revision).ShouldBe(Enumerable.Range(first, (int)newest - first + 1).Select(revision => (long)revision));
        var events = (await RowsAsync(source, Events, newest)).ToLookup(row => (long)row[0]);
        foreach (var entry in stored)
            Compare(entry, entries[(int)entry.Revision - 1], [.. events[entry.Revision]]);
        (await RowsAsync(source, "select 1 from fleet_model.gap where from_revision <= $1", newest)).ShouldBeEmpty();
        return stored.Sum(entry => events[entry.Revision].Count());
    }

    private static void Compare(StoredEntry entry, object[] row, ImmutableArray<object[]> events)
    {
        row[1].ShouldBe(entry.Term);
        var at = DateTimeOffset.Parse($"{entry.Json["at"]}", CultureInfo.InvariantCulture).UtcDateTime;
        // PostgreSQL keeps microseconds.
        ((DateTime)row[2] - at).Duration().ShouldBeLessThan(TimeSpan.FromMicroseconds(1));
        row[3].ShouldBe($"{entry.Json["by"]!["name"]}");
        var stored = entry.Json["events"]!.AsArray();
        events.Select(e => e[1]).ShouldBe(Enumerable.Range(0, stored.Count).Cast<object>(), $"revision {entry.Revision}");
        foreach (var (mine, theirs) in stored.Zip(events))
            JsonNode.DeepEquals(mine, JsonNode.Parse((string)theirs[3])).ShouldBeTrue($"{mine}\n{theirs[3]}");
    }

    private static async Task ReachesAsync(NpgsqlDataSource source, long newest)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await RowsAsync(source, "select 1 from fleet_model.position where revision >= $1", newest)).IsEmpty)
            await Task.Delay(20, patience.Token);
    }

    private static async Task<ImmutableArray<object[]>> RowsAsync(NpgsqlDataSource source, string sql, long parameter)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = ImmutableArray.CreateBuilder<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows.ToImmutable();
    }
}
