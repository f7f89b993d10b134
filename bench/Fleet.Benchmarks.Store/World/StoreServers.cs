using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Stores.Postgres;
using Fleet.Demo.Fleets;
using Fleet.Demo.Servers;
using Fleet.Postgres;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Benchmarks.Store.World;

/// <summary>The servers of one part of the bench: an etcd of three members, and a PostgreSQL with both schemas where it is wanted.</summary>
internal sealed class StoreServers : IAsyncDisposable
{
    private readonly FleetServers _servers;
    private readonly bool _withPostgres;
    private int _prefixes;

    private StoreServers(FleetServers servers, bool withPostgres) => (_servers, _withPostgres) = (servers, withPostgres);

    public static async Task<StoreServers> StartAsync(string folder, bool withPostgres, CancellationToken cancellation)
    {
        var servers = new StoreServers(await FleetServers.StartAsync(folder, DemoStore.Etcd, withPostgres, cancellation), withPostgres);
        await servers.MigrateAsync(cancellation);
        return servers;
    }

    /// <summary>A prefix of etcd in which nothing is yet. The lease is for a bench that waits for a processor, and ends with it.</summary>
    public EtcdSettings NewPrefix() => new()
    {
        Endpoints = [.. _servers.Etcd!.Endpoints],
        Prefix = $"/fleet-bench/{++_prefixes}",
        Lease = TimeSpan.FromSeconds(20),
        AttemptTimeout = TimeSpan.FromMilliseconds(250),
    };

    /// <summary>What a coordinator's process is told to have the same.</summary>
    public IEnumerable<string> Settings(EtcdSettings etcd) =>
        [.. _servers.Settings(DemoStore.Etcd, withProjection: false), $"fleet.coordinator.etcd.prefix=\"{etcd.Prefix}\""];

    public static IFleetStore Open(EtcdSettings etcd) => new EtcdFleetStore(
        etcd, LeadershipTiming.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<EtcdFleetStore>.Instance);

    public IFleetStore OpenPostgres() => new PostgresFleetStore(
        Target(), PostgresStoreOptions.Default, new AsideThread(), TimeProvider.System, NullLogger<PostgresFleetStore>.Instance);

    public PostgresTarget Target() =>
        PostgresTarget.TryRead(_servers.Postgres!.ConnectionString(FleetServers.Database), null, out var target, out var mistake)
            ? target
            : throw new InvalidOperationException(mistake);

    /// <summary>The read model and the store's schema as if nothing had been written.</summary>
    public async Task EmptyPostgresAsync(CancellationToken cancellation)
    {
        await _servers.Postgres!.DropDatabaseAsync(FleetServers.Database);
        await _servers.Postgres.CreateDatabaseAsync(FleetServers.Database);
        await MigrateAsync(cancellation);
    }

    public async ValueTask DisposeAsync() => await _servers.DisposeAsync();

    private async Task MigrateAsync(CancellationToken cancellation)
    {
        if (!_withPostgres)
            return;
        await using var source = Target().Open("fleet-bench", connection => connection.Pooling = false);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await Migrator.ApplyAsync(connection, SchemaFiles.ReadModel, cancellation);
        await Migrator.ApplyAsync(connection, SchemaFiles.Store, cancellation);
    }
}
