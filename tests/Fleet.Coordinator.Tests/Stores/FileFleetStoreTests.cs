using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class FileFleetStoreTests : FleetStoreContract
{
    private readonly TemporaryFolder folder = new();

    protected override IFleetStore OpenStore() =>
        new FileFleetStore(folder.Path, NullLogger<FileFleetStore>.Instance, FileStoreOptions.Default, TimeProvider.System);

    protected override Task DeposeAsync(IFleetStore leader)
    {
        File.Delete(folder.File("lock"));
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }
}
