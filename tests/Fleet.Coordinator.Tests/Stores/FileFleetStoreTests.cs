using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class FileFleetStoreTests : FleetStoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override IFleetStore OpenStore() =>
        new FileFleetStore(
            _folder.Path, FileStoreOptions.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    protected override Task DeposeAsync(IFleetStore leader)
    {
        File.Delete(_folder.File("lock"));
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
