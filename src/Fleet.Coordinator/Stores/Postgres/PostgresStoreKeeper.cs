using System.Text.Json;
using Fleet.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>
/// A store in PostgreSQL while nobody leads in it: what is done is one transaction, which has the leader's lock from its first statement on.
/// </summary>
internal sealed class PostgresStoreKeeper(PostgresTarget target) : IStoreKeeper
{
    private readonly NpgsqlDataSource _source = target.Open("pbm store", settings =>
    {
        settings.Pooling = false;
        // A history of a year takes its time.
        settings.CommandTimeout = 0;
    });

    public string Place => $"database {target}";

    public Task<StoreLook> LookAsync(CancellationToken cancellation) => InDatabaseAsync("look into it", async connection =>
    {
        await Migrator.ExpectAsync(connection, SchemaFiles.Store, cancellation);
        return await LookAsync(connection, cancellation);
    });

    public Task CloseAsync(StoreClosure closure, CancellationToken cancellation) => KeptAsync("close it", async connection =>
    {
        await using var close = new NpgsqlCommand(StoreSql.Close, connection);
        close.Parameters.Add(new NpgsqlParameter { Value = closure.ToJson(), NpgsqlDbType = NpgsqlDbType.Text });
        await close.ExecuteNonQueryAsync(cancellation);
    }, cancellation);

    public Task ReopenAsync(CancellationToken cancellation) => KeptAsync("reopen it", async connection =>
    {
        await using var reopen = new NpgsqlCommand(StoreSql.Reopen, connection);
        await reopen.ExecuteNonQueryAsync(cancellation);
    }, cancellation);

    /// <inheritdoc/>
    public Task WriteAsync(WholeHistory history, StoreClosure import, Action<long> written, CancellationToken cancellation) =>
        KeptAsync("import into it", async connection =>
        {
            var look = await LookAsync(connection, cancellation);
            if (look.Closed is { } closed)
                throw new StoreClosedException(Place, closed);
            if (!look.IsEmpty)
                throw StoreRefusedException.NotEmpty(Place, look.LastRevision);
            await WriteEntriesAsync(connection, history, written, cancellation);
            await WriteSnapshotAsync(connection, history, cancellation);
            await using var begin = new NpgsqlCommand(StoreSql.BeginAfter, connection).With(history.Term);
            await begin.ExecuteNonQueryAsync(cancellation);
        }, cancellation);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task WriteEntriesAsync(
        NpgsqlConnection connection, WholeHistory history, Action<long> written, CancellationToken cancellation)
    {
        const string Into = "copy fleet_store.journal (revision, term, entry) from stdin (format binary)";
        await using var copy = await connection.BeginBinaryImportAsync(Into, cancellation);
        var count = 0L;
        await foreach (var entry in history.Entries(cancellation))
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(entry.Revision, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(entry.Term, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry), NpgsqlDbType.Text, cancellation);
            written(++count);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task WriteSnapshotAsync(NpgsqlConnection connection, WholeHistory history, CancellationToken cancellation)
    {
        if (history.Snapshot is not { Map.Version: var version } state)
            return;
        await using var write = new NpgsqlCommand(
            "insert into fleet_store.snapshot (revision, term, state, complete) values ($1, $2, $3, true)", connection);
        write.With(version.Revision, version.Term);
        write.Parameters.Add(new NpgsqlParameter
        {
            Value = JsonSerializer.SerializeToUtf8Bytes(state, JournalJson.Default.FleetState),
            NpgsqlDbType = NpgsqlDbType.Bytea,
        });
        await write.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<StoreLook> LookAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var look = new NpgsqlCommand(StoreSql.Look, connection);
        await using var row = await look.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var leader = row.IsDBNull(3) ? null : TermHolder.Parse(row.GetFieldValue<byte[]>(3))?.Address.Name;
        return new StoreLook(
            row.IsDBNull(1) ? null : StoreClosure.Parse(row.GetFieldValue<byte[]>(1)),
            row.GetBoolean(2) ? leader ?? "a coordinator" : null,
            row.GetInt64(0),
            row.GetInt64(4));
    }

    /// <summary>In one transaction, in which nobody else can lead.</summary>
    private Task<bool> KeptAsync(string doing, Func<NpgsqlConnection, Task> act, CancellationToken cancellation) =>
        InDatabaseAsync(doing, async connection =>
        {
            await Migrator.ExpectAsync(connection, SchemaFiles.Store, cancellation);
            await using var durable = new NpgsqlCommand(StoreSql.Durable, connection);
            await durable.ExecuteNonQueryAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using (var keep = new NpgsqlCommand(StoreSql.Keep, connection))
            {
                if (await keep.ExecuteScalarAsync(cancellation) is not true)
                    throw StoreRefusedException.Led(Place, (await LookAsync(connection, cancellation)).Leader);
            }

            await act(connection);
            await transaction.CommitAsync(cancellation);
            return true;
        });

    private async Task<T> InDatabaseAsync<T>(string doing, Func<NpgsqlConnection, Task<T>> act)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync();
            return await act(connection);
        }
        catch (Exception e) when (PostgresProblem.IsOne(e))
        {
            throw new StoreUnreachableException($"Could not {doing}. {PostgresProblem.Words(e, target)}", e);
        }
    }
}
