using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Postgres;
using Fleet.Demo.Servers;
using Fleet.Postgres;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Coordinator.Tests.Stores.Postgres;

/// <summary>
/// One PostgreSQL, and one PgBouncer before it, for all tests that do not hurt them; each test has a database of its own. <c>FLEET_TEST_POSTGRES</c>
/// is the connection string of another, whose role may create databases; PgBouncer is then not between.
/// </summary>
public sealed class PostgresServers : IAsyncLifetime
{
    /// <summary>For tests that are not about time: on a loaded machine a write may take as long as the default waits for one.</summary>
    internal static readonly PostgresStoreOptions Patient = PostgresStoreOptions.Default with
    {
        Timing = new LeadershipTiming(TimeSpan.FromSeconds(1.5)),
        AppendWithin = TimeSpan.FromSeconds(20),
        Patience = TimeSpan.FromSeconds(20),
    };

    private static readonly string? Given = Environment.GetEnvironmentVariable("FLEET_TEST_POSTGRES");

    private PostgresServer? _server;
    private PgBouncer? _bouncer;

    /// <summary>Null where there is a PostgreSQL.</summary>
    public static string? Missing => Given is null && !(PostgresServer.IsInstalled && PgBouncer.IsInstalled)
        ? "PostgreSQL or PgBouncer not found; './fleet setup' installs them."
        : null;

    public async Task InitializeAsync()
    {
        if (Given is not null || Missing is not null)
            return;
        _server = await PostgresServer.StartAsync(new PostgresServerOptions(Fsync: false));
        _bouncer = await PgBouncer.StartAsync(_server);
    }

    public async Task DisposeAsync()
    {
        if (_bouncer is not null)
            await _bouncer.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Connection strings to a new database with an empty store: directly, and through PgBouncer.</summary>
    internal async Task<(string Direct, string Bounced)> NewStoreAsync()
    {
        var name = $"fleet_test_{Guid.NewGuid():n}";
        if (_server is null)
        {
            await RunAsync(Given!, $"create database \"{name}\"");
            var given = new NpgsqlConnectionStringBuilder(Given) { Database = name }.ConnectionString;
            await MigrateAsync(given);
            return (given, given);
        }

        await _server.CreateDatabaseAsync(name);
        await MigrateAsync(_server.ConnectionString(name));
        return (_server.ConnectionString(name), _bouncer!.ConnectionString(name));
    }

    /// <summary>With all who are connected to it: each connection counts, and a pooler keeps those that it has.</summary>
    internal Task DropAsync(string direct)
    {
        var name = new NpgsqlConnectionStringBuilder(direct).Database;
        return RunAsync(Given ?? _server!.ConnectionString("postgres"), $"drop database if exists \"{name}\" with (force)");
    }

    internal static PostgresFleetStore Open(string connection, PostgresStoreOptions? options = null, string? passwordFile = null) => new(
        Target(connection, passwordFile),
        options ?? PostgresStoreOptions.Default,
        new AsideThread(),
        TimeProvider.System,
        NullLogger<PostgresFleetStore>.Instance);

    internal static PostgresTarget Target(string connection, string? passwordFile = null)
    {
        PostgresTarget.TryRead(connection, passwordFile, out var target, out var mistake).ShouldBeTrue(mistake);
        return target!;
    }

    internal static async Task MigrateAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        await using var open = await source.OpenConnectionAsync();
        await Migrator.ApplyAsync(open, SchemaFiles.Store, CancellationToken.None);
    }

    /// <summary>One statement, in a session of its own.</summary>
    internal static async Task<object?> RunAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServers>
{
    public const string Name = "postgres";
}
