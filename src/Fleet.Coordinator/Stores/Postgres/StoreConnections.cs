using Fleet.Postgres;
using Npgsql;

namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>How the store connects. Bounds of the user's own are kept where they are stricter.</summary>
internal static class StoreConnections
{
    private const string Program = "fleet-coordinator";
    private const int ConnectSeconds = 2;

    /// <summary>The leader's session outlives a database that stands still for so long.</summary>
    private const int SessionSeconds = 10;

    private const int QuerySeconds = 2;

    /// <summary>Each of these may hold up a thread while a database does not answer.</summary>
    private const int PoolMax = 4;

    /// <summary>Sessions that are what they are until they are closed: the leader's, and those that listen.</summary>
    public static NpgsqlDataSource Sessions(PostgresTarget target) => target.Open(Program, settings =>
    {
        Bound(settings, SessionSeconds);
        settings.Pooling = false;
    });

    public static NpgsqlDataSource Pool(PostgresTarget target) => target.Open(Program, settings =>
    {
        Bound(settings, QuerySeconds);
        settings.Pooling = true;
        settings.MinPoolSize = 0;
        settings.MaxPoolSize = PoolMax;
    });

    private static void Bound(NpgsqlConnectionStringBuilder settings, int commandSeconds)
    {
        settings.Multiplexing = false;
        settings.Timeout = settings.Timeout == 0 ? ConnectSeconds : Math.Min(settings.Timeout, ConnectSeconds);
        settings.CommandTimeout = commandSeconds;
        settings.CancellationTimeout = -1;
    }
}
