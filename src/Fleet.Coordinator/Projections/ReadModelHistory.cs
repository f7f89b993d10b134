using System.Runtime.CompilerServices;
using Fleet.Coordinator.Journal;
using Fleet.Coordinator.State;
using Fleet.Coordinator.Stores;
using Fleet.Postgres;
using Fleet.Shared.Model;
using Npgsql;

namespace Fleet.Coordinator.Projections;

/// <summary>
/// A fleet's history as the read model has it, for a store that is lost for good: the state as of the newest entry, and the entries up to that one.
/// It ends with what was projected.
/// </summary>
internal sealed class ReadModelHistory(NpgsqlDataSource source, PostgresTarget target)
{
    /// <summary>Of a year's history the newest are enough: nobody reads older ones in a store.</summary>
    private const int EntriesMax = 1000;

    public string Place => $"the read model in database {target}";

    public Task<ReadPosition> LookAsync(CancellationToken cancellation) => InDatabaseAsync(async connection =>
    {
        await Migrator.ExpectAsync(connection, SchemaFiles.ReadModel, cancellation);
        var position = await ReadPosition.LoadAsync(connection, cancellation);
        return position.Revision > 0 ? position : throw new StoreRefusedException($"There is nothing in {Place}.");
    });

    public Task<FleetState?> LoadAsync(CancellationToken cancellation) => InDatabaseAsync(async connection =>
    {
        var position = await ReadPosition.LoadAsync(connection, cancellation);
        return (FleetState?)await Checkpoints.LoadAsync(connection, position.Revision, cancellation);
    });

    public async IAsyncEnumerable<JournalEntry> ReadAsync(long fromRevision, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var position = await ReadPosition.LoadAsync(connection, cancellation);
        var gap = await LongAsync(connection, "select coalesce(max(to_revision), 0) from fleet_model.gap", cancellation);
        var oldest = await LongAsync(connection, "select coalesce(min(revision), 0) from fleet_model.entry", cancellation);
        var from = new[] { fromRevision, oldest, gap + 1, position.Revision - EntriesMax + 1 }.Max();
        if (from > position.Revision)
        {
            // What ends a gap is a state, and no entry that the journal ever had.
            yield return new JournalEntry(position.Revision, position.Term, position.At, Principal.System("projection"), []);
            yield break;
        }

        await foreach (var entry in Checkpoints.EntriesAsync(connection, from, position.Revision, cancellation))
            yield return entry;
    }

    private static async Task<long> LongAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellation) ?? 0L);
    }

    private async Task<T> InDatabaseAsync<T>(Func<NpgsqlConnection, Task<T>> act)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            return await act(connection);
        }
        catch (Exception e) when (PostgresProblem.IsOne(e))
        {
            throw new StoreUnreachableException($"Could not read {Place}. {PostgresProblem.Words(e, target)}", e);
        }
    }
}
