using Fleet.Demo.Fleets;
using Fleet.Demo.Servers;
using Npgsql;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>What automation would read in PostgreSQL.</summary>
internal sealed class ReadModel(PostgresServer server)
{
    /// <summary>The revisions of all entries that were projected.</summary>
    public async Task<IReadOnlyList<long>> RevisionsAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString(FleetServers.Database) + ";Pooling=false");
        await using var command = source.CreateCommand("select revision from fleet_model.entry order by revision");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var revisions = new List<long>();
        while (await reader.ReadAsync(cancellation))
            revisions.Add(reader.GetInt64(0));
        return revisions;
    }
}
