using Fleet.Coordinator.Journal;
using Fleet.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>
/// The one session that a candidate tries the lock in, and that the leader writes in. When it is lost the lock is free, and what was being written
/// has been written or never will be: so it is never opened anew, and whoever led has led.
/// </summary>
internal sealed class LeaderSession(NpgsqlDataSource source) : IAsyncDisposable
{
    private const int OldestServer = 14;

    private readonly PostgresLine _line = new(new Opening(source).OpenAsync);

    /// <summary>It has the lock.</summary>
    public bool HasLock { get; private set; }

    /// <summary>This process has lost it; the server may not know.</summary>
    public bool IsLost => _line.HasBroken;

    /// <summary>Null when another has the lock.</summary>
    /// <exception cref="StoreClosedException">The fleet has moved elsewhere.</exception>
    public async Task<Won?> TryCampaignAsync(CoordinatorAddress candidate, CancellationToken cancellation)
    {
        var holder = System.Text.Encoding.UTF8.GetString(new TermHolder(0, candidate).ToJson());
        var won = await RunAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(StoreSql.Campaign, connection).With(holder, HasLock);
                await using var rows = await command.ExecuteReaderAsync();
                await rows.ReadAsync();
                HasLock = rows.GetBoolean(0);
                if (HasLock && !rows.IsDBNull(3))
                    throw new StoreClosedException($"database {connection.Database}", StoreClosure.Parse(rows.GetFieldValue<byte[]>(3)));
                return HasLock ? new Won(rows.GetInt64(1), rows.GetBoolean(2)) : null;
            },
            cancellation);
        return won;
    }

    /// <summary>False when the entry was not written; <see cref="StandingAsync"/> says why.</summary>
    public Task<bool> AppendAsync(JournalEntry entry, byte[] json, CancellationToken cancellation) => RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(StoreSql.Append, connection).With(entry.Term, entry.Revision);
            command.Parameters.Add(new NpgsqlParameter { Value = json, NpgsqlDbType = NpgsqlDbType.Text });
            await using var rows = await command.ExecuteReaderAsync();
            return await rows.ReadAsync();
        },
        cancellation);

    public Task<Standing> StandingAsync(long term, CancellationToken cancellation) => RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(StoreSql.Standing, connection).With(term);
            await using var rows = await command.ExecuteReaderAsync();
            await rows.ReadAsync();
            return new Standing(rows.GetInt64(0), !rows.IsDBNull(1) && rows.GetBoolean(1), rows.GetInt64(2));
        },
        cancellation);

    /// <summary>False when this session does not lead that term.</summary>
    public Task<bool> KeepSnapshotAsync(long term, long id, int entriesKept, CancellationToken cancellation) => RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(StoreSql.KeepSnapshot, connection).With(term, id, (long)entriesKept);
            await using var rows = await command.ExecuteReaderAsync();
            return await rows.ReadAsync();
        },
        cancellation);

    /// <param name="orderly">Whoever comes next need not wait: nobody acknowledges anything in this term, or in one before it.</param>
    public async Task ResignAsync(long term, bool orderly, CancellationToken cancellation)
    {
        await RunAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(StoreSql.Resign, connection).With(term, orderly);
                return await command.ExecuteScalarAsync();
            },
            cancellation);
        HasLock = false;
    }

    /// <inheritdoc cref="PostgresLine.SettleAsync"/>
    public Task SettleAsync(CancellationToken cancellation) => _line.SettleAsync(cancellation);

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> command, CancellationToken cancellation) => _line.RunAsync(command, cancellation);

    /// <param name="Resigned">The leader before has given it back, or there was none.</param>
    public sealed record Won(long Term, bool Resigned);

    /// <param name="Current">The highest term that was given.</param>
    /// <param name="Leads">This session leads the term that was asked about.</param>
    public sealed record Standing(long Current, bool Leads, long LastRevision);

    /// <summary>Opens once.</summary>
    private sealed class Opening(NpgsqlDataSource source)
    {
        private bool _opened;

        public async Task<NpgsqlConnection> OpenAsync()
        {
            if (_opened)
                throw new NpgsqlException("the session that led is lost");
            _opened = true;
            var connection = await source.OpenConnectionAsync();
            try
            {
                if (connection.PostgreSqlVersion.Major < OldestServer)
                    throw new NotSupportedException($"PostgreSQL {connection.PostgreSqlVersion} is too old: {OldestServer} is needed.");
                await Migrator.ExpectAsync(connection, SchemaFiles.Store, CancellationToken.None);
                foreach (var setting in new[] { StoreSql.Durable, StoreSql.NoticeLoss })
                {
                    await using var command = new NpgsqlCommand(setting, connection);
                    await command.ExecuteNonQueryAsync();
                }

                return connection;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }
}
