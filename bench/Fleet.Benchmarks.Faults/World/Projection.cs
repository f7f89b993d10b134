using Fleet.Benchmarks.Faults.Judging;
using Fleet.Demo.Processes;
using Fleet.Demo.Servers;
using Npgsql;

namespace Fleet.Benchmarks.Faults.World;

/// <summary>The database that the leader keeps the read model in.</summary>
internal sealed class Projection : IAsyncDisposable
{
    private const string Database = "fleet";

    private readonly string _passwordFile;

    private Projection(PostgresServer server, string folder) => (Server, _passwordFile) = (server, Path.Combine(folder, "password"));

    public PostgresServer Server { get; }

    /// <summary>Of every coordinator.</summary>
    public string[] Settings =>
    [
        $"fleet.coordinator.projection.connection=\"{Connection}\"",
        $"fleet.coordinator.projection.password-file=\"{_passwordFile}\"",
    ];

    private string Connection => $"postgresql://{PostgresServer.Role}@{Server.Endpoint}/{Database}";

    /// <summary>With its schema; null where PostgreSQL is not installed.</summary>
    public static async Task<Projection?> StartAsync(string folder, CancellationToken cancellation)
    {
        if (!PostgresServer.IsInstalled)
            return null;
        var made = new Projection(await PostgresServer.StartAsync(), folder);
        try
        {
            await made.Server.CreateDatabaseAsync(Database);
            await File.WriteAllTextAsync(made._passwordFile, made.Server.Password, cancellation);
            File.SetUnixFileMode(made._passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await made.MigrateAsync(folder, cancellation);
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>The revisions of all events, in the order in which they came.</summary>
    public async Task<IReadOnlyList<long>> RevisionsAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Server.ConnectionString(Database) + ";Pooling=false");
        await using var command = source.CreateCommand("select distinct revision from fleet.event order by revision");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var revisions = new List<long>();
        while (await reader.ReadAsync(cancellation))
            revisions.Add(reader.GetInt64(0));
        return revisions;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task MigrateAsync(string folder, CancellationToken cancellation)
    {
        await using var pbm = ChildProcess.Start(
            "migrate",
            Programs.Pbm,
            ["store", "migrate", "--connection", Connection, "--password-file", _passwordFile],
            Path.Combine(folder, "migrate.log"));
        await pbm.WaitAsync(cancellation);
        if (pbm.ExitCode != 0)
            throw new InvalidOperationException($"pbm store migrate has ended with {pbm.ExitCode}; see migrate.log.");
    }
}
