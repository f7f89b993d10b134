using Fleet.Demo.Processes;
using Fleet.Demo.Servers;

namespace Fleet.Demo.Fleets;

/// <summary>Where the coordinators keep the fleet's history.</summary>
internal enum DemoStore
{
    File,
    Etcd,
    Postgres,
}

/// <summary>
/// The servers beside a fleet: a store of several coordinators and the database of the read model. They are real ones, from the system's programs,
/// and gone when this is disposed of.
/// </summary>
internal sealed class FleetServers : IAsyncDisposable
{
    public const string Database = "fleet";

    private readonly string _passwordFile;

    private FleetServers(string folder) => _passwordFile = Path.Combine(folder, "postgres-password");

    public EtcdCluster? Etcd { get; private set; }

    public PostgresServer? Postgres { get; private set; }

    /// <summary>For psql and psycopg: a libpq URL that reads schema <c>fleet</c>; null without the database.</summary>
    public string? Url => Postgres?.Url(Database);

    private string Connection => $"postgresql://{PostgresServer.Role}@{Postgres!.Endpoint}/{Database}";

    /// <param name="folder">For the password's file and for the logs.</param>
    /// <param name="withProjection">The leader keeps the read model in PostgreSQL.</param>
    /// <exception cref="FileNotFoundException">What is needed is not installed.</exception>
    public static async Task<FleetServers> StartAsync(string folder, DemoStore store, bool withProjection, CancellationToken cancellation)
    {
        var servers = new FleetServers(folder);
        try
        {
            if (store == DemoStore.Etcd)
                servers.Etcd = await EtcdCluster.StartAsync(new EtcdOptions(), cancellation);
            if (store == DemoStore.Postgres || withProjection)
                await servers.StartPostgresAsync(folder, cancellation);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>The etcd is lost for good, and there is an empty one.</summary>
    public async Task LoseEtcdAsync(CancellationToken cancellation)
    {
        await Etcd!.DisposeAsync();
        Etcd = await EtcdCluster.StartAsync(new EtcdOptions(), cancellation);
    }

    /// <summary>For every coordinator, as <c>--set</c> takes them.</summary>
    public IEnumerable<string> Settings(DemoStore store, bool withProjection)
    {
        yield return $"fleet.coordinator.store={store.ToString().ToLowerInvariant()}";
        if (store == DemoStore.Etcd)
            yield return $"fleet.coordinator.etcd.endpoints=[{string.Join(',', Etcd!.Endpoints.Select(endpoint => $"\"{endpoint}\""))}]";
        (string Name, bool IsUsed)[] sections = [("postgres", store == DemoStore.Postgres), ("projection", withProjection)];
        foreach (var (section, _) in sections.Where(each => each.IsUsed))
        {
            yield return $"fleet.coordinator.{section}.connection=\"{Connection}\"";
            yield return $"fleet.coordinator.{section}.password-file=\"{_passwordFile}\"";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Etcd is not null)
            await Etcd.DisposeAsync();
        if (Postgres is not null)
            await Postgres.DisposeAsync();
    }

    private async Task StartPostgresAsync(string folder, CancellationToken cancellation)
    {
        if (!PostgresServer.IsInstalled)
            throw new FileNotFoundException("PostgreSQL is not installed: ./fleet setup does.");
        Postgres = await PostgresServer.StartAsync();
        await Postgres.CreateDatabaseAsync(Database);
        await File.WriteAllTextAsync(_passwordFile, Postgres.Password, cancellation);
        File.SetUnixFileMode(_passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var pbm = ChildProcess.Start(
            "migrate",
            Programs.Pbm,
            ["store", "migrate", "--connection", Connection, "--password-file", _passwordFile],
            Path.Combine(folder, "logs", "migrate.log"));
        await pbm.WaitAsync(cancellation);
        if (pbm.ExitCode != 0)
            throw new TimeoutException($"pbm store migrate has ended with {pbm.ExitCode}.");
    }
}
