using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Tests.Contracts;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class EveryStoreTests
{
    [Fact]
    public void Every_store_keeps_the_contract()
    {
        var stores = typeof(IFleetStore).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IFleetStore))).ToArray();
        stores.Length.ShouldBeGreaterThan(1);
        var suites = typeof(EveryStoreTests).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(FleetStoreContract)))
            .Select(type => type.Name);
        stores.Select(store => $"{store.Name}Tests").Except(suites)
            .ShouldBeEmpty($"A store has a suite of its own name, which derives {nameof(FleetStoreContract)}.");
    }

    [Fact]
    public void Every_keeper_of_a_store_keeps_the_contract()
    {
        var keepers = typeof(IStoreKeeper).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IStoreKeeper))).ToArray();
        keepers.Length.ShouldBeGreaterThan(1);
        var suites = typeof(EveryStoreTests).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(StoreKeeperContract)))
            .Select(type => type.Name);
        keepers.Select(keeper => $"{keeper.Name}Tests").Except(suites).ShouldBeEmpty();
    }
}
