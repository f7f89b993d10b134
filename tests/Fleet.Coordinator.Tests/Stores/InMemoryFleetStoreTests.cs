using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Memory;
using Fleet.Coordinator.Tests.Contracts;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class InMemoryFleetStoreTests : FleetStoreContract
{
    private readonly InMemoryFleetStore.Memory memory = new();

    protected override IFleetStore OpenStore() => new InMemoryFleetStore(memory, TimeProvider.System);

    protected override Task DeposeAsync(IFleetStore leader)
    {
        memory.Leader = null;
        return Task.CompletedTask;
    }
}
