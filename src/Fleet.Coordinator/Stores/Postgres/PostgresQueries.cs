using System.Text.Json;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Postgres;
using Fleet.Shared.Shell;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>What anybody asks the database, over connections that any of them takes.</summary>
internal sealed class PostgresQueries(NpgsqlDataSource source, PostgresTarget target, PostgresStoreOptions options, IAside aside, TimeProvider time)
{
    private const int PageEntries = 500;

    public Task<TermHolder?> LeaderAsync(CancellationToken cancellation) => AskAsync(
        "find out who leads",
        async connection =>
        {
            await using var command = new NpgsqlCommand(StoreSql.Leader, connection);
            await using var rows = await command.ExecuteReaderAsync();
            return await rows.ReadAsync()
                ? TermHolder.Parse(rows.GetFieldValue<byte[]>(1)) is { } holder ? holder with { Term = rows.GetInt64(0) } : null
                : null;
        },
        cancellation);

    /// <summary>The highest that was ever given.</summary>
    public Task<long> TermAsync(CancellationToken cancellation) => AskAsync(
        "find out which term it is",
        async connection =>
        {
            await using var command = new NpgsqlCommand(StoreSql.Term, connection);
            return (long)(await command.ExecuteScalarAsync() ?? 0L);
        },
        cancellation);

    public Task DeposeAsync(long term, CancellationToken cancellation) => AskAsync(
        $"depose the leader of term {term}",
        async connection =>
        {
            await using var command = new NpgsqlCommand(StoreSql.Depose, connection).With(term);
            return await command.ExecuteScalarAsync() is false ? throw new TimeoutException() : true;
        },
        cancellation);

    /// <summary>Some of the entries from a revision on, in order, without a gap; none when there are no more.</summary>
    public async Task<List<JournalEntry>> PageAsync(long fromRevision, CancellationToken cancellation)
    {
        var texts = await AskAsync(
            "read the journal",
            async connection =>
            {
                await using var command = new NpgsqlCommand(StoreSql.Page, connection).With(fromRevision, (long)PageEntries);
                await using var rows = await command.ExecuteReaderAsync();
                var page = new List<(long Revision, byte[] Json)>();
                while (await rows.ReadAsync())
                    page.Add((rows.GetInt64(1), rows.GetFieldValue<byte[]>(0)));
                return page;
            },
            cancellation);
        var entries = new List<JournalEntry>(texts.Count);
        foreach (var text in texts)
        {
            var entry = Parse(text);
            if (entries is [.., var last] && entry.Revision != last.Revision + 1)
                throw Damaged(entry.Revision, $"the one before it is {last.Revision}");
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>The oldest entry, null where there is none, and the last revision.</summary>
    public Task<(long? Oldest, long Last)> ExtentAsync(CancellationToken cancellation) => AskAsync(
        "find out what the journal holds",
        async connection =>
        {
            await using var command = new NpgsqlCommand(StoreSql.Extent, connection);
            await using var rows = await command.ExecuteReaderAsync();
            await rows.ReadAsync();
            return (rows.IsDBNull(0) ? (long?)null : rows.GetInt64(0), rows.GetInt64(1));
        },
        cancellation);

    /// <summary>Returns its id; it is nobody's until the leader keeps it.</summary>
    public async Task<long> WriteSnapshotAsync(FleetState state, CancellationToken cancellation)
    {
        var json = await aside.RunAsync("snapshot", () => JsonSerializer.SerializeToUtf8Bytes(state, JournalJson.Default.FleetState));
        var version = state.Map.Version;
        return await LongAsync(
            $"save the snapshot of revision {version.Revision}",
            async connection =>
            {
                await using var command = new NpgsqlCommand(StoreSql.WriteSnapshot, connection) { CommandTimeout = SnapshotSeconds };
                command.With(version.Revision, version.Term);
                command.Parameters.Add(new NpgsqlParameter { Value = json, NpgsqlDbType = NpgsqlDbType.Bytea });
                return (long)(await command.ExecuteScalarAsync() ?? 0L);
            },
            cancellation);
    }

    public async Task<FleetState?> LoadSnapshotAsync(CancellationToken cancellation)
    {
        var json = await LongAsync(
            "load the snapshot",
            async connection =>
            {
                await using var command = new NpgsqlCommand(StoreSql.LoadSnapshot, connection) { CommandTimeout = SnapshotSeconds };
                return (byte[]?)await command.ExecuteScalarAsync();
            },
            cancellation);
        return json is null
            ? null
            : await aside.RunAsync("snapshot", () => ParseState(json));
    }

    private JournalEntry Parse((long Revision, byte[] Json) row)
    {
        try
        {
            if (JsonSerializer.Deserialize(row.Json, JournalJson.Default.JournalEntry) is { } entry && entry.Revision == row.Revision)
                return entry;
        }
        catch (JsonException e)
        {
            throw Damaged(row.Revision, e.Message);
        }

        throw Damaged(row.Revision, "it is another entry");
    }

    private FleetState? ParseState(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, JournalJson.Default.FleetState);
        }
        catch (JsonException e)
        {
            throw new StoreUnreachableException($"Could not load the snapshot: what is in database {target} is not what was written: {e.Message}", e);
        }
    }

    private StoreUnreachableException Damaged(long revision, string why) =>
        new($"Could not read the journal: entry {revision} of the journal in database {target} is not what was written: {why}");

    private int SnapshotSeconds => (int)options.SnapshotWithin.TotalSeconds;

    private Task<T> AskAsync<T>(string doing, Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancellation) =>
        WithinAsync(doing, options.Patience, ask, cancellation);

    /// <summary>A state of some ten megabytes. A database that is away is found out in no more time than by any other question.</summary>
    private async Task<T> LongAsync<T>(string doing, Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancellation)
    {
        await TermAsync(cancellation);
        return await WithinAsync(doing, options.SnapshotWithin, ask, cancellation);
    }

    private async Task<T> WithinAsync<T>(string doing, TimeSpan patience, Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancellation)
    {
        using var bound = new Deadline(time, patience, cancellation);
        try
        {
            return await ConnectedAsync(ask).UnlessAsync(bound.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable(doing, new TimeoutException());
        }
        catch (Exception e) when (PostgresProblem.IsOne(e))
        {
            throw Unreachable(doing, e);
        }
    }

    private async Task<T> ConnectedAsync<T>(Func<NpgsqlConnection, Task<T>> ask)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await ask(connection);
    }

    private StoreUnreachableException Unreachable(string doing, Exception e) => new($"Could not {doing}. {PostgresProblem.Words(e, target)}", e);
}
