using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Simulation.Disks;

/// <summary>The file store on a disk in memory keeps what it keeps on a real one.</summary>
public sealed class FileStoreContractTests : FleetStoreContract
{
    private readonly SimDisk _disk = new(new Random(1));

    protected override bool CanBeDeposed => false;

    private protected override IFleetStore OpenStore() =>
        new FileFleetStore("data", FileStoreOptions.Default, _disk, new ImmediateAside(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    private protected override Task DeposeAsync(IFleetStore leader)
    {
        _disk.Delete("data/lock");
        return Task.CompletedTask;
    }
}
