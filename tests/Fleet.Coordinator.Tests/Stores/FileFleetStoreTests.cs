using System.Text.Json;
using Fleet.Coordinator.Stores;
using Fleet.Coordinator.Stores.Files;
using Fleet.Coordinator.Tests.Contracts;
using Fleet.Shared.Shell;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Coordinator.Tests.Stores;

public sealed class FileFleetStoreTests : FleetStoreContract
{
    private readonly TemporaryFolder _folder = new();

    protected override bool CanBeDeposed => false;

    private protected override IFleetStore OpenStore() =>
        new FileFleetStore(
            _folder.Path, FileStoreOptions.Default, new LocalDisk(), new AsideThread(), TimeProvider.System, NullLogger<FileFleetStore>.Instance);

    private protected override Task DeposeAsync(IFleetStore leader)
    {
        File.Delete(_folder.File("lock"));
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("tomorrow://10.0.0.9:7400")]
    [InlineData(null)]
    public void Leader_whose_link_nobody_here_can_follow_is_known_by_name_and_api(string? link)
    {
        var folder = new StoreFolder(new LocalDisk(), _folder.Path);
        var written = new { term = 7, name = "c9", link, api = "http://10.0.0.9:7400" };
        folder.Replace(folder.TermFile, SealedLine.Seal(JsonSerializer.SerializeToUtf8Bytes(written)));
        TermFile.ReadHolder(folder).ShouldBe(new TermHolder(7, new CoordinatorAddress("c9", null, "http://10.0.0.9:7400")));
        TermFile.Read(folder).ShouldBe(7);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
