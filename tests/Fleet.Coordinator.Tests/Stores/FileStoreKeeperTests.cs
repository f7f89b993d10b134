using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class FileStoreKeeperTests : StoreKeeperContract
{
    private readonly TemporaryFolder _folder = new();

    private protected override IFleetStore OpenStore() => new FileFleetStore(
        _folder.Path, FileStoreOptions.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    private protected override IStoreKeeper OpenKeeper() =>
        new FileStoreKeeper(_folder.Path, FileStoreOptions.Default with { SegmentBytesMax = 20_000 }, new LocalDisk());

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Damaged_mark_closes_the_folder_all_the_same()
    {
        await using var keeper = OpenKeeper();
        await File.WriteAllTextAsync(_folder.File("closed"), "x", Bound);
        await using var store = OpenStore();
        await Should.ThrowAsync<StoreClosedException>(() => store.CampaignAsync("c1", Bound));
    }
}
