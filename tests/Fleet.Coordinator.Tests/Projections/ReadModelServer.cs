using Fleet.Demo.Servers;
using Fleet.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Tests.Projections;

/// <summary>One PostgreSQL for all tests of the read model that leave it running; each has a database of its own in it.</summary>
public sealed class ReadModelServer : IAsyncLifetime
{
    private int _databases;

    internal PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.IsInstalled)
            Server = await PostgresServer.StartAsync(new PostgresServerOptions(Fsync: false));
    }

    public async Task DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }

    /// <summary>An empty database.</summary>
    internal async Task<string> DatabaseAsync()
    {
        var name = $"fleet_{Interlocked.Increment(ref _databases)}";
        await Server.CreateDatabaseAsync(name);
        return name;
    }

    /// <summary>A database with an empty read model.</summary>
    internal async Task<NpgsqlDataSource> ReadModelAsync()
    {
        var source = NpgsqlDataSource.Create(Server.ConnectionString(await DatabaseAsync()));
        await using var connection = await source.OpenConnectionAsync();
        await Migrator.ApplyAsync(connection, SchemaFiles.ReadModel, default);
        return source;
    }
}

[CollectionDefinition(nameof(ReadModelServer))]
public sealed class ReadModelServerGroup : ICollectionFixture<ReadModelServer>;
