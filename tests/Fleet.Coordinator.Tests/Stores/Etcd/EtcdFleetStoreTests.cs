using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

[NeedsEtcd]
[Collection(EtcdCollection.Name)]
public sealed class EtcdFleetStoreTests(EtcdServers servers) : FleetStoreContract
{
    private readonly EtcdSettings _settings = servers.Settings with { Prefix = $"/fleet-test/{Guid.NewGuid():n}" };

    /// <summary>A test may stand still for longer than a leadership is valid for, on a machine with much to do.</summary>
    private protected override IFleetStore OpenStore() => EtcdServers.Open(_settings, new LeadershipTiming(TimeSpan.FromSeconds(1)));

    /// <summary>By deleting the leader's key: what the end of its lease does.</summary>
    private protected override async Task DeposeAsync(IFleetStore leader)
    {
        using var client = new EtcdClient(_settings, new LocalDisk(), TimeProvider.System, NullLogger.Instance);
        await client.TxnAsync(new TxnRequest([], [new DeleteRangeRequest(new EtcdKeys(_settings.Prefix).Leader)], []), true, Bound);
    }
}
