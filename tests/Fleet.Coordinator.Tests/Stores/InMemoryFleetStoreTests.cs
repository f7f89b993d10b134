using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Contracts;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class InMemoryFleetStoreTests : FleetStoreContract
{
    private readonly InMemoryFleetStore.Memory _memory = new();

    private protected override IFleetStore OpenStore() => new InMemoryFleetStore(_memory, TimeProvider.System);

    private protected override Task DeposeAsync(IFleetStore leader)
    {
        _memory.Leader = null;
        return Task.CompletedTask;
    }
}
