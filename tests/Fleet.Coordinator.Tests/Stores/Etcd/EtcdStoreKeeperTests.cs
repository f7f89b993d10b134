using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Etcd;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Config;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores.Etcd;

[NeedsEtcd]
[Collection(EtcdCollection.Name)]
public sealed class EtcdStoreKeeperTests(EtcdServers servers) : StoreKeeperContract
{
    private readonly EtcdSettings _settings = EtcdServers.Patient(servers.Settings);

    private protected override IFleetStore OpenStore() => EtcdServers.Open(_settings, new LeadershipTiming(TimeSpan.FromSeconds(1)));

    private protected override IStoreKeeper OpenKeeper() =>
        new EtcdStoreKeeper(_settings, new LocalDisk(), TimeProvider.System, NullLogger<EtcdStoreKeeper>.Instance);
}
