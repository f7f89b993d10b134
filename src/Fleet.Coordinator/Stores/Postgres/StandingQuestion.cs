using Fleet.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>
/// The question that keeps a leadership valid: does the leader's session still hold the lock, and the row its term? It has a connection of its own,
/// for a large entry may be on its way in the leader's session; what counts is what all sessions see. It also asks nothing of a disk that is slow to
/// write, so that nodes keep their leases meanwhile, unless there is synchronous replication, where only a write is proof.
/// </summary>
internal sealed class StandingQuestion(NpgsqlDataSource source, PostgresTarget target, long term) : IAsyncDisposable
{
    private readonly PostgresLine _line = new(() => OpenAsync(source));

    /// <exception cref="StoreUnreachableException">The database does not say.</exception>
    public async Task<bool> AskAsync(CancellationToken cancellation)
    {
        try
        {
            return await _line.RunAsync(StandsAsync, cancellation);
        }
        catch (Exception e) when (PostgresProblem.IsOne(e))
        {
            throw new StoreUnreachableException(PostgresProblem.Words(e, target), e);
        }
    }

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private async Task<bool> StandsAsync(NpgsqlConnection connection)
    {
        await using (var question = new NpgsqlCommand(StoreSql.Stands, connection).With(term))
        await using (var rows = await question.ExecuteReaderAsync())
        {
            if (!await rows.ReadAsync())
                return false;
            if (!rows.GetBoolean(0))
                return true;
        }

        await using var proof = new NpgsqlCommand(StoreSql.StandsReplicated, connection).With(term);
        await using var written = await proof.ExecuteReaderAsync();
        return await written.ReadAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source)
    {
        var connection = await source.OpenConnectionAsync();
        await using var durable = new NpgsqlCommand(StoreSql.Durable, connection);
        await durable.ExecuteNonQueryAsync();
        return connection;
    }
}
