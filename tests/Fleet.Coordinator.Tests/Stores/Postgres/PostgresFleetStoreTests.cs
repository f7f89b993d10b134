using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Postgres;

namespace Fleet.Coordinator.Tests.Stores.Postgres;

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public class PostgresFleetStoreTests(PostgresServers servers) : FleetStoreContract
{
    private string _direct = "";

    /// <summary>As the store of this suite connects.</summary>
    protected string Connection { get; private set; } = "";

    protected virtual bool ThroughBouncer => false;

    public override async Task InitializeAsync()
    {
        (_direct, var bounced) = await servers.NewStoreAsync();
        Connection = ThroughBouncer ? bounced : _direct;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await servers.DropAsync(_direct);
    }

    private protected override IFleetStore OpenStore() => PostgresServers.Open(Connection, PostgresServers.Patient);

    /// <summary>As an administrator does: by ending the session that has the lock.</summary>
    private protected override Task DeposeAsync(IFleetStore leader) =>
        PostgresServers.RunAsync(_direct, "select pg_terminate_backend(pid, 5000) from fleet_store.lock_holder");
}

/// <summary>A pooler in session mode hides nothing that the store relies on.</summary>
public sealed class BouncedPostgresFleetStoreTests(PostgresServers servers) : PostgresFleetStoreTests(servers)
{
    protected override bool ThroughBouncer => true;
}
