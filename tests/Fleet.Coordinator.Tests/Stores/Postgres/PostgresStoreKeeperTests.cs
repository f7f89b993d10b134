using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Postgres;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Coordinator.Tests.Postgres;

namespace Fleet.Coordinator.Tests.Stores.Postgres;

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresStoreKeeperTests(PostgresServers servers) : StoreKeeperContract
{
    private string _connection = "";

    public override async Task InitializeAsync() => (_connection, _) = await servers.NewStoreAsync();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await servers.DropAsync(_connection);
    }

    private protected override IFleetStore OpenStore() => PostgresServers.Open(_connection, PostgresServers.Patient);

    private protected override IStoreKeeper OpenKeeper() => new PostgresStoreKeeper(PostgresServers.Target(_connection));
}
