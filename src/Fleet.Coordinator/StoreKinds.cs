using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Stores.Postgres;
using Fleet.Postgres;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;

namespace Fleet.Coordinator;

/// <summary>The stores there are. A kind without its lines here does not build.</summary>
internal static class StoreKinds
{
    /// <summary>What makes the settings unusable, with its key; null when nothing does.</summary>
    public static string? Mistake(CoordinatorSettings settings) => settings.Store switch
    {
        StoreKind.File => null,
        StoreKind.Etcd => EtcdFiles.Mistake(settings.Etcd, new LocalDisk()) is { } unusable ? $"fleet.coordinator.etcd: {unusable}" : null,
        StoreKind.Postgres => settings.Postgres.Connection is not { } connection ? "fleet.coordinator.postgres: connection is missing"
            : PostgresTarget.TryRead(connection, settings.Postgres.PasswordFile, out _, out var unreadable) ? null
            : $"fleet.coordinator.postgres: {unreadable}",
    };

    public static IFleetStore Open(CoordinatorSettings settings, IDisk disk, IAside aside, ILoggerFactory logs) => settings.Store switch
    {
        StoreKind.File => new FileFleetStore(
            settings.Data, FileStoreOptions.Default, disk, aside, TimeProvider.System, logs.CreateLogger<FileFleetStore>()),
        StoreKind.Etcd => new EtcdFleetStore(
            settings.Etcd, LeadershipTiming.Default, disk, aside, TimeProvider.System, logs.CreateLogger<EtcdFleetStore>()),
        StoreKind.Postgres => new PostgresFleetStore(
            Target(settings.Postgres), PostgresStoreOptions.Default, aside, TimeProvider.System, logs.CreateLogger<PostgresFleetStore>()),
    };

    public static IStoreKeeper Keeper(CoordinatorSettings settings, IDisk disk, ILoggerFactory logs) => settings.Store switch
    {
        StoreKind.File => new FileStoreKeeper(settings.Data, FileStoreOptions.Default, disk),
        StoreKind.Etcd => new EtcdStoreKeeper(settings.Etcd, disk, TimeProvider.System, logs.CreateLogger<EtcdStoreKeeper>()),
        StoreKind.Postgres => new PostgresStoreKeeper(Target(settings.Postgres)),
    };

    private static PostgresTarget Target(PostgresSettings settings) =>
        PostgresTarget.TryRead(settings.Connection!, settings.PasswordFile, out var target, out var mistake)
            ? target
            : throw new InvalidOperationException(mistake);
}
