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
    private readonly PostgresLine _line = new(() => source.OpenConnectionAsync().AsTask());
    private bool? _isReplicated;

    /// <exception cref="StoreUnreachableException">The database does not say.</exception>
    public async Task<bool> AskAsync(CancellationToken cancellation)
    {
        try
        {
            return await _line.RunAsync(StandsAsync, cancellation);
        }
        catch (Exception e) when (PostgresProblem.IsOne(e))
        {
            // The server may be another one, or have been set up anew, when it is back.
            _isReplicated = null;
            throw new StoreUnreachableException(PostgresProblem.Words(e, target), e);
        }
    }

    public ValueTask DisposeAsync() => _line.DisposeAsync();

    private async Task<bool> StandsAsync(NpgsqlConnection connection)
    {
        if (_isReplicated is null)
        {
            await using var look = new NpgsqlCommand(StoreSql.IsReplicated, connection);
            _isReplicated = await look.ExecuteScalarAsync() is true;
            await using var durable = new NpgsqlCommand(StoreSql.Durable, connection);
            await durable.ExecuteNonQueryAsync();
        }

        await using var question = new NpgsqlCommand(_isReplicated.Value ? StoreSql.StandsReplicated : StoreSql.Stands, connection).With(term);
        await using var rows = await question.ExecuteReaderAsync();
        return await rows.ReadAsync();
    }
}
